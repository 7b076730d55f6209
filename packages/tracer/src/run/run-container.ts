import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Container, ContainerConfig, OutputChunk } from '@keepset/docker-engine';
import { endSignal, pauseUntil } from './end-signal.js';

/** The program's three streams, as its caller sees them. */
export interface RunStreams {
  /** Sent to the program when the container was created with standard input open; its end closes the program's. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Called in the order of the output; awaited, so that a slow reader slows the program. */
  readonly onOutput: (chunk: OutputChunk) => void | Promise<void>;
  /** Called once the program runs. */
  readonly onStarted?: () => void;
}

/**
 * Run a container that was just created, to its end.
 *
 * @param beside  goes on while the program runs; given the program's exit status to come. When it fails, so does the run,
 *   and the container runs on.
 * @returns the exit status of process 1 (128 + N after signal N)
 * @example
 * await using container = await engine.createContainer(config, 'example');
 * await runContainer(container, config, { onOutput: () => {} }) // 0
 */
export async function runContainer(
  container: Container,
  config: ContainerConfig,
  streams: RunStreams,
  beside?: (ended: Promise<number>) => Promise<void>,
): Promise<number> {
  const { output, stdin } = await container.attach({
    stdin: config.OpenStdin ?? false,
    tty: config.Tty ?? false,
  });
  await container.start();
  streams.onStarted?.();
  if (stdin !== undefined) feed(stdin, streams.stdin).catch(() => {});
  const read = async () => {
    for await (const chunk of output) await streams.onOutput(chunk);
  };
  if (beside === undefined) {
    await read();
    return await container.wait();
  }
  const ended = container.wait();
  await Promise.all([read(), ended, beside(ended)]);
  return await ended;
}

/** End a run that has not ended by itself after a time. */
export async function killAfter(
  container: Container,
  seconds: number,
  ended: Promise<number>,
): Promise<void> {
  if (await pauseUntil(endSignal(ended), seconds)) await container.kill('KILL');
}

/** A program that ends early closes the stream; what was not read is no error, as in a shell's pipe. */
async function feed(stdin: Writable, chunks: AsyncIterable<Uint8Array> | undefined): Promise<void> {
  for await (const chunk of chunks ?? []) {
    if (stdin.destroyed) return;
    if (!stdin.write(chunk)) await once(stdin, 'drain');
  }
  stdin.end();
}
