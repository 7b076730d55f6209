import { randomUUID } from 'node:crypto';
import { type Container, EngineError, toContainerConfig } from '@keepset/docker-engine';
import { runContainer } from '@keepset/tracer';
import { type OutputRecord, recordOutput } from './record-output.js';
import { stdinOf } from './standard-input.js';
import type { ShrinkStreams, Work } from './work.js';

/** A run that has ended. */
export interface EndedRun {
  /** 128 + N after signal N. Undefined: it could not even be started; `failure` says why. */
  readonly exitStatus: number | undefined;
  readonly failure?: EngineError;
  readonly output: OutputRecord;
  /** Wall clock of the run alone. */
  readonly seconds: number;
  /** It has ended as well; the files that the run left are there. */
  readonly container: Container;
}

export interface RunInOptions {
  /** Of the run: its container's role. */
  readonly name: string;
  /** Whether it is the first to read the standard input. Default false. */
  readonly first?: boolean;
  readonly onOutput?: ShrinkStreams['onOutput'];
  readonly onStarted?: () => void;
}

/**
 * Run the command as `docker run` would, with nothing beside it, in an image. An image in which it cannot be started is
 * an outcome like another.
 *
 * @param id  of the image
 * @param own  takes the container, which is to be disposed of when nobody wants its files any more
 * @throws EngineError  when the engine cannot create a container, is interrupted, gone or full
 */
export async function runIn(
  work: Work,
  id: string,
  { name, first = false, onOutput = () => {}, onStarted }: RunInOptions,
  own: (container: AsyncDisposable) => void = work.keep,
): Promise<EndedRun> {
  const { engine, request, folder } = work;
  await using recorder = await recordOutput(folder, `${name}-${randomUUID()}`);
  const config = toContainerConfig(id, request.command, request.run);
  const container = await engine.createContainer(config, name);
  own(container);
  const start = performance.now();
  const ended = async () => ({
    output: await recorder.finish(),
    seconds: (performance.now() - start) / 1000,
    container,
  });
  try {
    const exitStatus = await runContainer(container, config, {
      ...stdinOf(work, first),
      async onOutput(chunk) {
        await recorder.write(chunk);
        await onOutput(chunk);
      },
      ...(onStarted !== undefined && { onStarted }),
    });
    return { exitStatus, ...(await ended()) };
  } catch (error) {
    if (!isOfImage(error)) throw error;
    return { exitStatus: undefined, failure: error, ...(await ended()) };
  }
}

/** Errors that say nothing about the image. */
const NOT_THE_IMAGES: ReadonlySet<string> = new Set(['INTERRUPTED', 'ENGINE_UNREACHABLE', 'NO_SPACE']);

/** Whether the image is what hindered the engine. */
export function isOfImage(error: unknown): error is EngineError {
  return error instanceof EngineError && !NOT_THE_IMAGES.has(error.code);
}
