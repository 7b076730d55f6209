import { engineMessageToError } from '../engine-error.js';

/** One record of a progress stream (pull, load, build, push). Only what we read is typed. */
export interface ProgressRecord {
  readonly status?: string;
  readonly stream?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly aux?: { readonly ID?: string; readonly Digest?: string };
}

/**
 * Read a progress stream of the engine: JSON values, one a line. A failed pull or load answers 200 and
 * reports its failure in the stream, so every record is checked.
 *
 * @param context  what was tried, for the error
 * @throws EngineError  when a record holds `error` or `errorDetail`
 */
export async function* readProgressRecords(
  chunks: AsyncIterable<Uint8Array>,
  context: string,
): AsyncGenerator<ProgressRecord> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield parseRecord(line, context);
  }
  if (rest.trim() !== '') yield parseRecord(rest, context);
}

function parseRecord(line: string, context: string): ProgressRecord {
  let record: ProgressRecord & { error?: string; errorDetail?: { message?: string } };
  try {
    record = JSON.parse(line);
  } catch (cause) {
    throw engineMessageToError(`unreadable progress record: ${line.slice(0, 200)}`, context, cause);
  }
  const failure = record.errorDetail?.message ?? record.error;
  if (failure !== undefined) throw engineMessageToError(failure.replace(/\s+/g, ' ').trim(), context);
  return record;
}
