import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Work } from './work.js';

/**
 * Standard input for one of several runs that must all read the same: the first reads the caller's and keeps a copy,
 * every further one gets the copy.
 */
export function stdinOf(
  { folder, streams, request }: Work,
  first: boolean,
): { stdin?: AsyncIterable<Uint8Array> } {
  if (!request.run.interactive) return {};
  if (request.stdin !== undefined) return { stdin: request.stdin() };
  const file = join(folder, 'stdin');
  return { stdin: first ? tee(streams.stdin, file) : createReadStream(file) };
}

async function* tee(chunks: AsyncIterable<Uint8Array> | undefined, file: string): AsyncGenerator<Uint8Array> {
  const copy = createWriteStream(file);
  try {
    for await (const chunk of chunks ?? []) {
      copy.write(chunk);
      yield chunk;
    }
  } finally {
    await pipeline(Readable.from([]), copy);
  }
}
