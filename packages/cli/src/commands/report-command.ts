import { requireWritable } from '../inputs/require-writable.js';
import { parseOperands } from '../options/parse-operands.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { writeReport } from './write-report.js';

const GRAMMAR = {
  name: 'keepset report',
  usage: `Usage: keepset report -o FILE MANIFEST

Write one HTML page of what was kept, what was removed, and why. It opens from a disk, without a network.`,
  epilogue: 'MANIFEST is what keepset shrink --manifest FILE wrote.',
  definitions: {
    output: { type: 'string', nargs: 1, alias: 'o', description: 'The page to write' },
  },
} as const;

/** `keepset report`: needs no engine. */
export async function reportCommand(args: readonly string[], console: Console): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const output = parsed.options.output as string | undefined;
  const [file, surplus] = parsed.rest;
  if (output === undefined) throw new UsageError('no page given', 'Give one with -o FILE.');
  if (file === undefined) throw new UsageError('no manifest given', "'keepset report -o FILE MANIFEST'.");
  if (surplus !== undefined) throw new UsageError(`one manifest at a time: what is '${surplus}'?`);
  requireWritable(output, '-o');
  await writeReport(file, output);
}
