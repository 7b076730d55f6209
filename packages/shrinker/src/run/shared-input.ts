import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Run } from './run.js';

/** Standard input for several runs that must all read the same. */
export interface SharedInput {
  /** Undefined where the run reads none. */
  of(run: Run): AsyncIterable<Uint8Array> | undefined;
}

/**
 * The first run that reads the caller's standard input keeps a copy; every further one gets the copy.
 *
 * @param input   the caller's. Default: at its end
 * @param folder  for the copy
 */
export function shareInput(input: AsyncIterable<Uint8Array> = endOfInput(), folder: string): SharedInput {
  const file = join(folder, 'stdin');
  let isRead = false;
  return {
    of({ options, stdin }) {
      if (!options?.interactive) return undefined;
      if (stdin !== undefined) return stdin();
      if (isRead) return createReadStream(file);
      isRead = true;
      return tee(input, file);
    },
  };
}

async function* endOfInput(): AsyncGenerator<Uint8Array> {}

async function* tee(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  const copy = createWriteStream(file, { mode: 0o600 });
  try {
    for await (const chunk of chunks) {
      copy.write(chunk);
      yield chunk;
    }
  } finally {
    await pipeline(Readable.from([]), copy);
  }
}
