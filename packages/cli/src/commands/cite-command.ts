import { readManifest, writeCitations } from '@keepset/manifest';
import type { CITE } from '../definitions/cite.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { quoteWords } from '../terminal/quote-words.js';

/** `keepset cite`: needs no engine. */
export async function citeCommand(
  { options: { format }, operands: [file] }: CommandLineOf<typeof CITE>,
  console: Console,
): Promise<undefined> {
  await console.writeOut(
    await writeCitations(await readManifest(file, { side: 'kept' }), format, quoteWords),
  );
}
