import { setFlagsFromString } from 'node:v8';
import type { REPORT } from '../definitions/report.js';
import { requireWritable } from '../inputs/require-writable.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { writeReport } from './write-report.js';

/** `keepset report`: needs no engine. */
export async function reportCommand({
  options: { output },
  operands: [file],
}: CommandLineOf<typeof REPORT>): Promise<undefined> {
  requireWritable(output, '-o');
  // A large page is text in passing: V8 would let 30 MB of it pile up.
  setFlagsFromString('--heap-growing-percent=20');
  await writeReport(file, output);
}
