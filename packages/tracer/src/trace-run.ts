import {
  type Container,
  type ContainerConfig,
  type Engine,
  effectiveCommand,
  type ImageDetails,
  type RunOptions,
  toContainerConfig,
} from '@keepset/docker-engine';
import { type ImageReader, LOADER_VARIABLES, quietVariables, type Toolbox } from '@keepset/toolbox';
import { planCapabilities } from './capabilities.js';
import { IDENTITY_COMMAND, type Identity, parseIdentity, readIdentity } from './identity.js';
import { withoutLauncherComplaint } from './launch.js';
import { type RunStreams, runContainer } from './run-container.js';
import { traceCommand } from './trace-command.js';
import { TracerError } from './tracer-error.js';

/** In the container: an anonymous volume, so that the trace is no change of the image's tree. */
export const TRACE_FOLDER = '/.keepset-trace';
const TRACE_FILE = 'trace';

export interface TraceRequest {
  readonly image: ImageDetails;
  /** What follows IMAGE; empty: the image's own. */
  readonly command: readonly string[];
  readonly options: RunOptions;
  readonly streams: RunStreams;
  /** Default true; false traces every call, slower, and lets setuid programs gain what they gain untraced. */
  readonly seccompFilter?: boolean;
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
  /** It has ended; the files that the run left are there. */
  readonly container: Container;
  /** strace's text. */
  readTrace(): AsyncIterable<Uint8Array>;
}

/**
 * Run a command of an image as `docker run` would, with strace beside it. The tracer alone is root, with SYS_PTRACE
 * and nothing else that the run has not; the program is process 1 and has the user, groups, HOME, environment and
 * rights that it would have had.
 *
 * @param reader  of the same image: tells who the image's user is
 * @throws TracerError TRACE_REFUSED  the engine, or a profile of the caller's, does not allow ptrace
 * @throws EngineError  whatever the engine refuses
 */
export async function traceRun(
  engine: Engine,
  toolbox: Toolbox,
  reader: ImageReader,
  request: TraceRequest,
): Promise<TracedRun> {
  const { command, streams } = request;
  const identity = await readRunIdentity(engine, toolbox, reader, request);
  const config = toTracedConfig(request, toolbox, identity);
  const container = await engine.createContainer(config, 'trace');
  try {
    const { onOutput, finish } = withoutLauncherComplaint(streams.onOutput);
    const start = performance.now();
    const exitStatus = await runContainer(container, config, { ...streams, onOutput });
    const seconds = (performance.now() - start) / 1000;
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
      container,
      complaint: complaint.trim(),
      async *readTrace() {
        for await (const { content } of (await container.getFiles(`${TRACE_FOLDER}/${TRACE_FILE}`)) ?? []) {
          yield* content;
          return;
        }
        throw new TracerError('TRACE_MISSING', `the trace of '${command.join(' ')}' is not there`);
      },
      async [Symbol.asyncDispose]() {
        await container[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await container[Symbol.asyncDispose]();
    throw error;
  }
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

function toTracedConfig(request: TraceRequest, toolbox: Toolbox, identity: Identity): ContainerConfig {
  const { image, command, options, seccompFilter = true } = request;
  const plain = toContainerConfig(image.id, command, options);
  const { capAdd, capDrop, dropFromBounding } = planCapabilities(options.capAdd ?? [], options.capDrop ?? []);
  const environment = new Map([...(image.config.Env ?? []), ...(options.env ?? [])].map(splitVariable));
  const programOnly = LOADER_VARIABLES.filter((name) => environment.has(name));
  const program = effectiveCommand(image.config, command, options.entrypoint);
  const [entrypoint = '', ...rest] = traceCommand(program, {
    traceFile: `${TRACE_FOLDER}/${TRACE_FILE}`,
    identity,
    dropFromBounding,
    programOnlyEnv: programOnly.map((name) => `${name}=${environment.get(name)}`),
    seccompFilter,
  });
  return {
    ...plain,
    Entrypoint: [entrypoint],
    Cmd: rest,
    User: '0:0',
    Env: [
      ...(plain.Env ?? []),
      ...(identity.home === undefined || environment.has('HOME') ? [] : [`HOME=${identity.home}`]),
      ...programOnly.map((name) => `${name}=`),
    ],
    Volumes: { ...plain.Volumes, [TRACE_FOLDER]: {} },
    HostConfig: {
      ...plain.HostConfig,
      CapAdd: capAdd,
      CapDrop: capDrop,
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
