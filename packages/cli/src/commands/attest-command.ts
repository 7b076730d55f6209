import { writeFile } from 'node:fs/promises';
import { readManifest, toStatement } from '@keepset/shrinker';
import { requireWritable } from '../inputs/require-writable.js';
import { parseOperands } from '../options/parse-operands.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';

const GRAMMAR = {
  name: 'keepset attest',
  usage: `Usage: keepset attest [-o FILE] MANIFEST

Write what the runs of a manifest did as an in-toto statement about the result (predicate runtime-trace v0.1): their
processes, and the files that they used, with digests.`,
  epilogue: `MANIFEST is what keepset shrink --manifest FILE wrote. The statement is not signed: 'cosign attest' and its like
sign it. The subject is the digest of a registry, or of an OCI image, where the manifest tells one; else the image's ID.`,
  definitions: {
    output: {
      type: 'string',
      nargs: 1,
      alias: 'o',
      description: 'Write to this file, not to standard output',
    },
  },
} as const;

/** `keepset attest`: needs no engine. */
export async function attestCommand(
  args: readonly string[],
  console: Console,
  version: string,
): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const [file, surplus] = parsed.rest;
  const output = parsed.options.output as string | undefined;
  if (file === undefined) throw new UsageError('no manifest given', "'keepset attest MANIFEST'.");
  if (surplus !== undefined) throw new UsageError(`one manifest at a time: what is '${surplus}'?`);
  requireWritable(output, '--output');
  const statement = toStatement(await readManifest(file), version);
  if (output === undefined || output === '-') await console.writeOut(statement);
  else await writeFile(output, statement);
}
