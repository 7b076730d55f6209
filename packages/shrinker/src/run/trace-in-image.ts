import { randomUUID } from 'node:crypto';
import type { ImageDetails } from '@keepset/docker-engine';
import { type TracedRun, TracerError, traceRun } from '@keepset/tracer';
import { type EndedRun, filesInContainer } from './ended-run.js';
import { mountedPaths } from './mounted-paths.js';
import { recordOutput } from './record-output.js';
import { recordSteps } from './record-steps.js';
import type { Run } from './run.js';
import type { OnOutput, RunPlace } from './runner.js';
import { writtenByContainer } from './written-paths.js';

/** What strace wrote of one run, wherever it lies. */
export interface RunLogs
  extends Pick<TracedRun, 'exitStatus' | 'complaint' | 'identity' | 'readTrace' | 'execTraces'> {
  /** Whether only some calls were traced. */
  readonly seccompFilter: boolean;
}

/** A traced run that has ended. Disposing of it removes the traces as well. */
export interface TracedEnd extends EndedRun {
  readonly exitStatus: number;
  readonly logs: RunLogs;
  /** See `TracedRun.asOwnUser`. */
  readonly asOwnUser: boolean;
  /** From its start until a service could be used; undefined where it was none. */
  readonly readySeconds: number | undefined;
  /** What of the same server the answers refer to, and was not asked for. */
  readonly unasked: readonly string[];
}

export interface TraceInImageOptions {
  /** See `TraceRequest.seccompFilter`. */
  readonly seccompFilter: boolean;
  /** See `TraceRequest.allCallsBut`. */
  readonly allCallsBut?: readonly string[];
  readonly onOutput?: OnOutput;
  readonly onStarted?: () => void;
  /** Called once when a command without a service seems to wait for something. */
  readonly onWaiting?: (idleSeconds: number) => void;
  /** Called before the command is run once more, under an init, since it waited for its tracer to end. */
  readonly onAwaited?: () => void;
}

/**
 * Run a command under strace in the source, or in an image that was made of it; under an init, where it waits for its
 * tracer to end.
 *
 * @throws TracerError; EngineError
 */
export async function traceInImage(
  place: RunPlace,
  run: Run,
  image: ImageDetails,
  options: TraceInImageOptions,
): Promise<TracedEnd> {
  try {
    return await traceAsAsked(place, run, image, options);
  } catch (error) {
    const isAwaited = error instanceof TracerError && error.code === 'TRACER_AWAITED';
    if (!isAwaited || run.options?.init) throw error;
    options.onAwaited?.();
    return await traceAsAsked(place, { ...run, options: { ...run.options, init: true } }, image, options);
  }
}

async function traceAsAsked(
  { engine, source, input, folder, onLeftFiles }: RunPlace,
  run: Run,
  image: ImageDetails,
  { seccompFilter, allCallsBut, onOutput = () => {}, onStarted, onWaiting }: TraceInImageOptions,
): Promise<TracedEnd> {
  const { service, timeoutSeconds, probeEnvironment: environment = {}, options = {} } = run;
  await using steps = recordSteps(folder, service, onOutput);
  await using recorder = await recordOutput(folder, `trace-${randomUUID()}`);
  const stdin = input.of(run);
  const traced = await traceRun(engine, source.toolbox, await source.reader(), {
    image,
    serviceImage: source.image,
    command: run.command,
    options,
    seccompFilter,
    ...(allCallsBut !== undefined && { allCallsBut }),
    streams: {
      ...(stdin !== undefined && { stdin }),
      async onOutput(chunk) {
        await recorder.write(chunk);
        await onOutput(chunk);
      },
      ...(onStarted !== undefined && { onStarted }),
    },
    ...(service && { service: { service, environment, onStepOutput: steps.onStepOutput } }),
    ...(timeoutSeconds !== undefined && { secondsMax: timeoutSeconds }),
    ...(onWaiting !== undefined && { onWaiting }),
  });
  try {
    const { exitStatus, seconds, container, asOwnUser } = traced;
    const answers = traced.service?.steps ?? [];
    const failure = traced.service?.failure;
    const mounted = mountedPaths(options, source.image.config, source.coveredPaths);
    const written = async () => await writtenByContainer(container, await source.tree(), mounted);
    return {
      exitStatus,
      ...(failure !== undefined && { failure }),
      output: await recorder.finish(),
      steps: await steps.finish(answers),
      answers,
      seconds,
      left: filesInContainer(container, written, async () => ({
        tree: await source.tree(),
        folder,
        tellsOwners: engine.details.isDocker,
        ...(onLeftFiles && { onFile: onLeftFiles }),
      })),
      logs: { ...traced, seccompFilter },
      asOwnUser,
      readySeconds: traced.service?.readySeconds,
      unasked: traced.service?.unasked ?? [],
      [Symbol.asyncDispose]: () => traced[Symbol.asyncDispose](),
    };
  } catch (error) {
    await traced[Symbol.asyncDispose]();
    throw error;
  }
}
