import type { Readable } from 'node:stream';
import { toEngineError } from '../engine-error.js';
import { type ProgressRecord, readProgressRecords } from './progress-records.js';

/**
 * Read a progress stream to its end: no error record in it may go unseen.
 *
 * @param stream  as dockerode gives it
 * @param context  what was tried, for the error
 * @throws EngineError
 */
export async function drainProgress(
  stream: NodeJS.ReadableStream,
  context: string,
  onRecord?: (record: ProgressRecord) => void,
): Promise<void> {
  try {
    for await (const record of readProgressRecords(stream as Readable, context)) onRecord?.(record);
  } catch (error) {
    throw toEngineError(error, context);
  }
}
