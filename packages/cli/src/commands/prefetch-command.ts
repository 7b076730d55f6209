import { writeFile } from 'node:fs/promises';
import { readManifest, writePrefetchList } from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import type { PREFETCH } from '../definitions/prefetch.js';
import { requireWritable } from '../inputs/require-writable.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { formatCount } from '../terminal/format-count.js';

/** Names shown of what is left out. */
const SHOWN = 5;

/** `keepset prefetch`: needs no engine. */
export async function prefetchCommand(
  { options: { format, output }, operands: [file] }: CommandLineOf<typeof PREFETCH>,
  console: Console,
): Promise<undefined> {
  requireWritable(output, '-o');
  const { text, files, leftOut } = writePrefetchList(await readManifest(file, { side: 'kept' }), format);
  if (output === undefined) await console.writeOut(text);
  else await writeFile(output, text);
  console.writeError(`keepset: ${formatCount(files)} files, in the order of their first use\n`);
  if (leftOut.length === 0) return;
  const shown = leftOut.slice(0, SHOWN).map(printPath).join(', ');
  const more = leftOut.length > SHOWN ? `, and ${formatCount(leftOut.length - SHOWN)} more` : '';
  console.writeError(`keepset: left out, since ${format} cannot name it: ${shown}${more}\n`);
}
