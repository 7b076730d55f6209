import { randomBytes } from 'node:crypto';
import type { Container } from '@keepset/docker-engine';
import { TracerError } from '../tracer-error.js';

/**
 * Where traces are in a container: an anonymous volume, so that they are no change of the image's tree. No image can know
 * the name.
 */
export const TRACE_FOLDER: string = `/.keepset-trace-${randomBytes(8).toString('hex')}`;

/** In it, the trace of process 1. */
export const MAIN_TRACE = 'trace';

/** In it, the folder for a strace that is not root. */
export const OWN_USERS_FOLDER = 'own';

/**
 * strace's text, as it lies in a container that may have ended.
 *
 * @param command  for the error
 * @throws TracerError TRACE_MISSING
 */
export async function* readTraceFile(
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
