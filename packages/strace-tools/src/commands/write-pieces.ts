import { open } from 'node:fs/promises';
import { writeNewFile } from '../exports/write-new-file.js';
import type { CommandIo } from './command-io.js';
import type { CommandOptions } from './command-options.js';

/** Text into the file of -o, or to standard output. */
export async function writePieces(
  pieces: AsyncIterable<string>,
  { options, io }: { readonly options: CommandOptions; readonly io: CommandIo },
): Promise<void> {
  const { output } = options;
  if (output === undefined) for await (const piece of pieces) await io.write(piece);
  else await writeNewFile(output, () => writeTo(output, pieces));
}

async function writeTo(path: string, pieces: AsyncIterable<string>): Promise<void> {
  await using file = await open(path, 'w');
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
