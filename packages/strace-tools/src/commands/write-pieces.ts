import { open } from 'node:fs/promises';
import { requireFree } from '../exports/require-free.js';
import type { CommandIo } from './command-io.js';
import type { CommandOptions } from './command-options.js';

/** Text into the file of -o, or to standard output. */
export async function writePieces(
  pieces: AsyncIterable<string>,
  { options, io }: { readonly options: CommandOptions; readonly io: CommandIo },
): Promise<void> {
  if (options.output === undefined) {
    for await (const piece of pieces) await io.write(piece);
    return;
  }
  await requireFree(options.output);
  await using file = await open(options.output, 'w');
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < PIECE) continue;
    await file.write(text);
    text = '';
  }
  await file.write(text);
}

/** Characters that are written at a time. */
const PIECE = 64 * 1024;
