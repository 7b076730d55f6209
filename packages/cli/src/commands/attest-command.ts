import { writeFile } from 'node:fs/promises';
import { readManifest, toStatement } from '@keepset/manifest';
import type { ATTEST } from '../definitions/attest.js';
import { requireWritable } from '../inputs/require-writable.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { VERSION } from '../version.js';

/** `keepset attest`: needs no engine. */
export async function attestCommand(
  { options: { output }, operands: [file] }: CommandLineOf<typeof ATTEST>,
  console: Console,
): Promise<undefined> {
  requireWritable(output, '--output');
  const statement = toStatement(await readManifest(file, { side: 'kept' }), VERSION);
  if (output === undefined || output === '-') await console.writeOut(statement);
  else await writeFile(output, statement);
}
