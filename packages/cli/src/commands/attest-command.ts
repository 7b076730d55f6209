import { writeFile } from 'node:fs/promises';
import { readManifest, toEnvelope, toStatement } from '@keepset/manifest';
import type { ATTEST } from '../definitions/attest.js';
import { readKeyFile } from '../inputs/checked/read-key-file.js';
import { requireWritable } from '../inputs/require-writable.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { VERSION } from '../version.js';

/** `keepset attest`: needs no engine. */
export async function attestCommand(
  { options: { output, sign }, operands: [file] }: CommandLineOf<typeof ATTEST>,
  console: Console,
): Promise<undefined> {
  requireWritable(output, '--output');
  const key = readKeyFile(sign, '--sign');
  const plain = toStatement(await readManifest(file, { side: 'kept' }), VERSION);
  const statement = key === undefined ? plain : toEnvelope(plain, key);
  if (output === undefined || output === '-') await console.writeOut(statement);
  else await writeFile(output, statement);
}
