import {
  AsyncDisposableStack,
  type Container,
  type Engine,
  type ImageDetails,
  type RunOptions,
} from '@keepset/docker-engine';
import type { ImageReader, Toolbox } from '@keepset/toolbox';
import { type ExecTrace, traceExecs } from './launch/exec-traces.js';
import type { Identity } from './launch/identity.js';
import { planLaunch } from './launch/plan-launch.js';
import { readRunIdentity } from './launch/run-identity.js';
import { MAIN_TRACE, readTraceFile } from './launch/trace-files.js';
import { createTraced, toTracedConfig } from './launch/traced-container.js';
import { runCommand } from './run/run-command.js';
import type { RunStreams } from './run/run-container.js';
import { runTraced } from './run/run-traced.js';
import { runService, type ServiceOutcome, type ServiceRun } from './service/run-service.js';
import { publishPorts } from './service/service-address.js';

/** What is to be run, how, and what is to be asked of it. */
export interface TraceRequest {
  readonly image: ImageDetails;
  /** What follows IMAGE; empty: the image's own. */
  readonly command: readonly string[];
  /** As for `docker run`. */
  readonly options: RunOptions;
  readonly streams: RunStreams;
  /** Default true; false traces every call, slower, and lets setuid programs gain what they gain untraced. */
  readonly seccompFilter?: boolean;
  /** Trace every call but these. Default: those that have to do with files and processes. */
  readonly allCallsBut?: readonly string[];
  /** What is to be done with a command that does not end by itself; its execs are traced as well. */
  readonly service?: Pick<ServiceRun, 'service' | 'environment' | 'onStepOutput'>;
  /** Of which image HEALTHCHECK and ports count. Default: of `image`. */
  readonly serviceImage?: ImageDetails;
  /** How long a command without a service may take before it is killed. Default: as long as it likes. */
  readonly secondsMax?: number;
  /** Called once when a command without a service does nothing, listens on no port, and does not end. */
  readonly onWaiting?: (idleSeconds: number) => void;
}

/** A run that has ended, and its trace, which lies at the engine until it is disposed of. */
export interface TracedRun extends AsyncDisposable {
  /** 128 + N after signal N */
  readonly exitStatus: number;
  /** Wall clock of the run alone, without the container's creation. */
  readonly seconds: number;
  /** What the launcher or strace said instead of the program; empty when all went well. */
  readonly complaint: string;
  /** Who the program was. */
  readonly identity: Identity;
  /**
   * The engine forbids a tracer that is root: strace ran as the program's own user, and programs that change their
   * rights gained nothing, with the filter or without.
   */
  readonly asOwnUser: boolean;
  /** It has ended; the files that the run left are there. */
  readonly container: Container;
  /** How it did as a service; undefined where it was none. */
  readonly service: Omit<ServiceOutcome, 'exitStatus'> | undefined;
  /** strace's text, of process 1 and all that it started. @throws TracerError TRACE_MISSING */
  readTrace(): AsyncIterable<Uint8Array>;
  /** Of the programs that were started beside process 1: each HEALTHCHECK, each exec. */
  readonly execTraces: readonly ExecTrace[];
}

/**
 * Run a command of an image as `docker run` would, with strace beside it. The tracer alone is root, with SYS_PTRACE
 * and nothing else that the run has not; the program is process 1 and has the user, groups, HOME, environment and
 * rights that it would have had. Where the engine forbids that, strace runs as the image's own user and with no right
 * added.
 *
 * @param reader  of the same image: says who the image's user is
 * @throws TracerError TRACE_REFUSED  the engine, or a profile of the caller's, does not allow ptrace
 * @throws TracerError TRACER_AWAITED  process 1 waits for all of its children, of which the tracer is one
 * @throws TracerError SERVICE_UNASKED  the command is a server, and `service` does not say what to do with it
 * @throws EngineError  whatever the engine refuses
 * @example
 * await using run = await traceRun(engine, toolbox, reader, {
 *   image,
 *   command: ['sh', '-c', 'exit 3'],
 *   options: { network: 'none' },
 *   streams: { onOutput: () => {} },
 * });
 * run.exitStatus // 3
 */
export async function traceRun(
  engine: Engine,
  toolbox: Toolbox,
  reader: ImageReader,
  request: TraceRequest,
): Promise<TracedRun> {
  const { image, service, serviceImage = image } = request;
  const identity = await readRunIdentity(engine, toolbox, reader, request);
  await using opened = new AsyncDisposableStack();
  const traced = await createTraced(engine, (tracer) => {
    const launch = planLaunch(request, tracer === 'root' ? identity : undefined);
    const config = toTracedConfig(request, toolbox, launch);
    if (service === undefined) return { launch, config };
    return { launch, config: publishPorts(config, service.service, serviceImage.config, engine.details) };
  });
  const { container, config, launch } = traced;
  opened.use(container);
  const { exec, traces } = traceExecs(container, launch);
  const ended = await runTraced(traced, request.streams, async (streams) => {
    if (service === undefined) {
      const { secondsMax, onWaiting } = request;
      const limits = { imageConfig: serviceImage.config, secondsMax, onWaiting };
      return { exitStatus: await runCommand(traced, streams, limits), service: undefined };
    }
    const asking = { ...service, engine, toolbox, image: serviceImage, exec };
    const outcome = await runService(container, config, streams, asking);
    return { exitStatus: outcome.exitStatus, service: outcome };
  });
  // From here on the container is the run's.
  opened.move();
  return {
    ...ended,
    identity,
    asOwnUser: launch.user === undefined,
    container,
    readTrace: () => readTraceFile(container, `${launch.folder}/${MAIN_TRACE}`, request.command),
    execTraces: traces,
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}
