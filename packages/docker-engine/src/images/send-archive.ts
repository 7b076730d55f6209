import { Readable } from 'node:stream';
import type { Session } from '../connection/session.js';
import { EngineError, toEngineError } from '../engine-error.js';
import { drainProgress } from './drain-progress.js';
import type { ProgressRecord } from './progress-records.js';

/** Which request takes an archive, and how its answer names the image. */
export interface ArchiveSending {
  /** What is tried, for errors. */
  readonly context: string;
  /** The request that takes the archive; its answer is a progress stream. */
  readonly send: (archive: Readable) => Promise<NodeJS.ReadableStream>;
  /** The id in a record of the answer, if it is the one that holds it. */
  readonly findId: (record: ProgressRecord) => string | undefined;
}

/**
 * Send the engine an archive that it makes an image of.
 *
 * The request is not raced against an abort, only the archive ends then: one that was sent whole makes an image, which
 * must be known to be removed.
 *
 * @returns the id of the image
 * @throws EngineError ENGINE_FAILED  the engine could not take it, or does not say what it made
 */
export async function sendArchive(
  session: Pick<Session, 'throwIfAborted'>,
  archive: AsyncIterable<Uint8Array>,
  { context, send, findId }: ArchiveSending,
): Promise<string> {
  let id: string | undefined;
  const stream = await send(Readable.from(untilAborted(archive, session), { objectMode: false })).catch(
    (error) => Promise.reject(toEngineError(error, context)),
  );
  await drainProgress(stream, context, (record) => {
    id ??= findId(record);
  });
  if (id === undefined)
    throw new EngineError('ENGINE_FAILED', `${context}: it did not say which image it made`);
  return id;
}

async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  session: Pick<Session, 'throwIfAborted'>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    session.throwIfAborted();
    yield chunk;
  }
}
