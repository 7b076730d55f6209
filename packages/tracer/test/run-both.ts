import {
  type ContainerConfig,
  type Engine,
  type ImageDetails,
  type RunOptions,
  toContainerConfig,
} from '@keepset/docker-engine';
import { type ImageReader, openImageReader, provideToolbox, type Toolbox } from '@keepset/toolbox';
import { readProgramAccesses, runContainer, traceRun } from '../src/index.js';

export interface Subject {
  readonly engine: Engine;
  readonly image: ImageDetails;
  readonly toolbox: Toolbox;
  readonly reader: ImageReader;
}

/** An image, ready to be traced. */
export async function openSubject(engine: Engine, reference: string): Promise<Subject> {
  const image = await engine.inspectImage(reference);
  if (image === undefined) throw new Error(`${reference} was not built`);
  const toolbox = await provideToolbox(engine, image.id, image.architecture);
  return { engine, image, toolbox, reader: await openImageReader(engine, image, toolbox) };
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Both in the order of their coming. */
  readonly output: string;
  readonly exitStatus: number;
}

export interface Run {
  readonly command: readonly string[];
  readonly options?: RunOptions;
  readonly stdin?: string;
  readonly seccompFilter?: boolean;
}

/** No network, which no program here needs: an engine takes longest to make that. */
function optionsOf({ options }: Run): RunOptions {
  return { network: 'none', ...options };
}

function recordOutput() {
  const pieces: [string, Buffer][] = [];
  const text = (stream?: string) =>
    Buffer.concat(
      pieces.filter(([name]) => stream === undefined || name === stream).map(([, bytes]) => bytes),
    ).toString();
  return {
    onOutput: ({ stream, bytes }: { stream: string; bytes: Uint8Array }) =>
      void pieces.push([stream, Buffer.from(bytes)]),
    outcome: (exitStatus: number): Outcome => ({
      stdout: text('stdout'),
      stderr: text('stderr'),
      output: text(),
      exitStatus,
    }),
  };
}

async function* piece(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** As `docker run` would: no part of keepset's tracing takes part. */
export async function runPlain({ engine, image }: Subject, run: Run): Promise<Outcome> {
  const config: ContainerConfig = toContainerConfig(image.id, run.command, optionsOf(run));
  await using container = await engine.createContainer(config, 'test');
  const { onOutput, outcome } = recordOutput();
  const stdin = run.stdin === undefined ? {} : { stdin: piece(run.stdin) };
  return outcome(await runContainer(container, config, { onOutput, ...stdin }));
}

/** Traced, with the accesses of the program alone. */
export async function runTraced({ engine, image, toolbox, reader }: Subject, run: Run) {
  const { onOutput, outcome } = recordOutput();
  await using traced = await traceRun(engine, toolbox, reader, {
    image,
    command: run.command,
    options: optionsOf(run),
    streams: { onOutput, ...(run.stdin !== undefined && { stdin: piece(run.stdin) }) },
    ...(run.seccompFilter !== undefined && { seccompFilter: run.seccompFilter }),
  });
  const workingDirectory = run.options?.workdir ?? (image.config.WorkingDir || '/');
  const program = readProgramAccesses(traced.readTrace(), { workingDirectory });
  const accesses = await Array.fromAsync(program);
  const seen = accesses.filter(({ errno }) => errno === undefined).map(({ path }) => path as string);
  return {
    ...outcome(traced.exitStatus),
    complaint: traced.complaint,
    identity: traced.identity,
    asOwnUser: traced.asOwnUser,
    launched: program.isLaunched,
    seen,
    summary: program.summary,
  };
}

/** strace's filter sets it, as its manual says; all else must be equal. */
export function withoutNoNewPrivileges(text: string): string {
  return text.replace(/^NoNewPrivs:.*\r?\n/gm, '');
}
