import {
  type Container,
  type ContainerConfig,
  type Engine,
  EngineError,
  effectiveCommand,
  type ImageDetails,
  type RunOptions,
  toContainerConfig,
} from '@keepset/docker-engine';
import { type ImageReader, LOADER_VARIABLES, quietVariables, type Toolbox } from '@keepset/toolbox';
import { planCapabilities } from './capabilities.js';
import { endCrash } from './end-crash.js';
import { IDENTITY_COMMAND, type Identity, parseIdentity, readIdentity } from './identity.js';
import { withoutLauncherComplaint } from './launch.js';
import { killAfter, type RunStreams, runContainer } from './run-container.js';
import { runService, type ServiceOutcome, type ServiceRun } from './run-service.js';
import { publishPorts } from './service-address.js';
import { traceCommand } from './trace-command.js';
import { TracerError } from './tracer-error.js';
import { watchUnasked } from './watch-unasked.js';

/** In the container: an anonymous volume, so that the trace is no change of the image's tree. */
export const TRACE_FOLDER = '/.keepset-trace';
const TRACE_FILE = 'trace';
/** In it: where strace writes that is not root. */
const OWN_USERS_FOLDER = 'own';

export interface TraceRequest {
  readonly image: ImageDetails;
  /** What follows IMAGE; empty: the image's own. */
  readonly command: readonly string[];
  readonly options: RunOptions;
  readonly streams: RunStreams;
  /** Default true; false traces every call, slower, and lets setuid programs gain what they gain untraced. */
  readonly seccompFilter?: boolean;
  /** What is to be done with a command that does not end by itself; its execs are traced as well. */
  readonly service?: Pick<ServiceRun, 'service' | 'environment' | 'onStepOutput'>;
  /** Of which image HEALTHCHECK and ports count. Default: of `image`. */
  readonly serviceImage?: ImageDetails;
  /** How long a command without a service may take before it is killed. Default: as long as it likes. */
  readonly secondsMax?: number;
  /** Called once when a command without a service seems to wait for something. */
  readonly onWaiting?: (idleSeconds: number) => void;
}

/** The trace of a further program that was started in the container. */
export interface ExecTrace {
  readonly command: readonly string[];
  readonly exitStatus: number;
  /** strace's text. */
  read(): AsyncIterable<Uint8Array>;
}

/** A run that has ended, and its trace, which lies at the engine until it is disposed of. */
export interface TracedRun extends AsyncDisposable {
  /** 128 + N after signal N */
  readonly exitStatus: number;
  /** Wall clock of the run alone, without the container's creation. */
  readonly seconds: number;
  /** What the launcher or strace said instead of the program; empty when all went well. */
  readonly complaint: string;
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
  /** strace's text. */
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
 * @param reader  of the same image: tells who the image's user is
 * @throws TracerError TRACE_REFUSED  the engine, or a profile of the caller's, does not allow ptrace; SERVICE_UNASKED  the
 *   command is a server, and nobody said what to do with it
 * @throws EngineError  whatever the engine refuses
 */
export async function traceRun(
  engine: Engine,
  toolbox: Toolbox,
  reader: ImageReader,
  request: TraceRequest,
): Promise<TracedRun> {
  const { command, streams, image, service, serviceImage = image } = request;
  const identity = await readRunIdentity(engine, toolbox, reader, request);
  const { container, config, launch } = await createTraced(engine, (tracer) => {
    const launch = planLaunch(request, tracer === 'root' ? identity : undefined);
    const traced = toTracedConfig(request, toolbox, launch);
    const config =
      service === undefined
        ? traced
        : publishPorts(traced, service.service, serviceImage.config, engine.details);
    return { launch, config };
  });
  const readFile = (name: string) => readTraceFile(container, `${launch.folder}/${name}`, command);
  const execTraces: ExecTrace[] = [];
  let begunExecs = 0;
  const traceExec: ServiceRun['exec'] = async (words, onOutput) => {
    const name = `exec-${++begunExecs}`;
    const exec = await container.exec({
      command: launch.traced(words, name),
      ...(launch.user !== undefined && { user: launch.user }),
    });
    for await (const chunk of exec.output) await onOutput(chunk);
    const exitStatus = await exec.exitStatus();
    execTraces.push({ command: words, exitStatus, read: () => readFile(name) });
    return exitStatus;
  };
  try {
    const { onOutput, finish } = withoutLauncherComplaint(streams.onOutput);
    let crashWatch: Promise<void> | undefined;
    const ownStreams: RunStreams = {
      ...streams,
      onOutput,
      onStarted() {
        crashWatch = endCrash(container, launch.user, container.wait());
        streams.onStarted?.();
      },
    };
    const start = performance.now();
    let outcome: ServiceOutcome | undefined;
    let exitStatus: number;
    if (service !== undefined) {
      const run = { ...service, engine, toolbox, image: serviceImage, exec: traceExec };
      outcome = await runService(container, config, ownStreams, run);
      exitStatus = outcome.exitStatus;
    } else {
      // One that has a standard input may wait for it.
      const { secondsMax, onWaiting } = request;
      const watch = async (ended: Promise<number>) => {
        if (secondsMax !== undefined) await killAfter(container, secondsMax, ended);
        else if (config.OpenStdin !== true)
          await watchUnasked(container, serviceImage.config, ended, onWaiting);
      };
      exitStatus = await runContainer(container, config, ownStreams, watch);
    }
    const seconds = (performance.now() - start) / 1000;
    await crashWatch;
    const complaint = await finish(exitStatus);
    // The program itself runs all the same, only untraced.
    if (/strace: (attach: |ptrace\()/.test(complaint)) {
      throw new TracerError(
        'TRACE_REFUSED',
        `strace may not trace in this container: ${firstLine(complaint)}`,
        {
          hint: "Leave out the seccomp or AppArmor profile that forbids ptrace, or allow it there; 'keepset' needs no other right.",
        },
      );
    }
    return {
      exitStatus,
      seconds,
      identity,
      asOwnUser: launch.user === undefined,
      container,
      complaint: complaint.trim(),
      service: outcome,
      readTrace: () => readFile(TRACE_FILE),
      execTraces,
      async [Symbol.asyncDispose]() {
        await container[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}

async function* readTraceFile(
  container: Container,
  path: string,
  command: readonly string[],
): AsyncGenerator<Uint8Array> {
  for await (const { content } of (await container.getFiles(path)) ?? []) {
    yield* content;
    return;
  }
  throw new TracerError('TRACE_MISSING', `the trace of '${command.join(' ')}' is not there`);
}

/**
 * Docker gives a further program the same identity as process 1, so that a container that runs anyhow can tell it.
 * Groups that the caller adds are known in containers of the run alone, and Podman gives process 1 another HOME and
 * other groups: there a container of the run's own kind is asked.
 */
async function readRunIdentity(
  engine: Engine,
  toolbox: Toolbox,
  reader: ImageReader,
  { image, options }: TraceRequest,
): Promise<Identity> {
  const user = options.user ?? image.config.User ?? '';
  const { groupAdd = [] } = options;
  if (engine.details.isDocker && groupAdd.length === 0) return await readIdentity(reader.container, user);
  const [entrypoint = '', ...rest] = IDENTITY_COMMAND;
  const config: ContainerConfig = {
    Image: image.id,
    Entrypoint: [entrypoint],
    Cmd: rest,
    User: user,
    Env: quietVariables(image.config.Env),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Mounts: [toolbox.mount],
      NetworkMode: 'none',
      LogConfig: { Type: 'none' },
      GroupAdd: groupAdd,
    },
  };
  await using container = await engine.createContainer(config, 'identity');
  const pieces: Uint8Array[] = [];
  await runContainer(container, config, { onOutput: ({ bytes }) => void pieces.push(bytes) });
  return parseIdentity(Buffer.concat(pieces).toString('utf8'));
}

/** How programs are started in the traced container. */
interface Launch {
  /** Makes of a command one that runs it traced, as who it should be, into a file of this name. */
  traced(command: readonly string[], traceName: string): readonly string[];
  /** Whom the tracer runs as; undefined: whoever the program is. */
  readonly user: string | undefined;
  /** Of the traces. */
  readonly folder: string;
  /** What the container needs for that. */
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly addedEnv: readonly string[];
}

interface TracedContainer {
  readonly launch: Launch;
  readonly config: ContainerConfig;
}

/** As root where the engine lets it, else as the program's own user. */
async function createTraced(
  engine: Engine,
  plan: (tracer: 'root' | 'own user') => TracedContainer,
): Promise<TracedContainer & { readonly container: Container }> {
  const asRoot = plan('root');
  try {
    return { ...asRoot, container: await engine.createContainer(asRoot.config, 'trace') };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'ENGINE_FORBIDS') throw error;
  }
  const asUser = plan('own user');
  const container = await engine.createContainer(asUser.config, 'trace');
  try {
    const header = { name: OWN_USERS_FOLDER, type: 'directory', mode: 0o1777 };
    await container.putFiles(TRACE_FOLDER, [{ header }]);
    return { ...asUser, container };
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
}

/** @param identity  who the program is to become; undefined: the container's user, who traces it as well */
function planLaunch(request: TraceRequest, identity: Identity | undefined): Launch {
  const { image, options, seccompFilter = true } = request;
  const { capAdd, capDrop, dropFromBounding } =
    identity === undefined
      ? { capAdd: options.capAdd ?? [], capDrop: options.capDrop ?? [], dropFromBounding: [] }
      : planCapabilities(options.capAdd ?? [], options.capDrop ?? []);
  const folder = identity === undefined ? `${TRACE_FOLDER}/${OWN_USERS_FOLDER}` : TRACE_FOLDER;
  const environment = new Map([...(image.config.Env ?? []), ...(options.env ?? [])].map(splitVariable));
  const programOnly = LOADER_VARIABLES.filter((name) => environment.has(name));
  const home = identity?.home === undefined || environment.has('HOME') ? [] : [`HOME=${identity.home}`];
  return {
    traced: (command, traceName) =>
      traceCommand(command, {
        traceFile: `${folder}/${traceName}`,
        ...(identity && { identity }),
        dropFromBounding,
        programOnlyEnv: programOnly.map((name) => `${name}=${environment.get(name)}`),
        seccompFilter,
      }),
    user: identity === undefined ? undefined : '0:0',
    folder,
    capAdd,
    capDrop,
    addedEnv: [...home, ...programOnly.map((name) => `${name}=`)],
  };
}

function toTracedConfig(
  { image, command, options }: TraceRequest,
  toolbox: Toolbox,
  launch: Launch,
): ContainerConfig {
  const plain = toContainerConfig(image.id, command, options);
  const program = effectiveCommand(image.config, command, options.entrypoint);
  const [entrypoint = '', ...rest] = launch.traced(program, TRACE_FILE);
  return {
    ...plain,
    Entrypoint: [entrypoint],
    Cmd: rest,
    ...(launch.user !== undefined && { User: launch.user }),
    Env: [...(plain.Env ?? []), ...launch.addedEnv],
    // The engine would start it untraced.
    Healthcheck: { Test: ['NONE'] },
    Volumes: { ...plain.Volumes, [TRACE_FOLDER]: {} },
    HostConfig: {
      ...plain.HostConfig,
      CapAdd: launch.capAdd,
      CapDrop: launch.capDrop,
      Mounts: [...(plain.HostConfig?.Mounts ?? []), toolbox.mount],
    },
  };
}

function splitVariable(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
