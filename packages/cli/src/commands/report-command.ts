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
  await writeReport(file, output);
}
