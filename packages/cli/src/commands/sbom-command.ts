import { readManifest, writeBill } from '@keepset/shrinker';
import { createdOf } from '../inputs/created-of.js';
import { parseOperands } from '../options/parse-operands.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';

const GRAMMAR = {
  name: 'keepset sbom',
  usage: `Usage: keepset sbom MANIFEST

Print the bill of materials of a result: the packages of which it has files, and which files.`,
  epilogue: `MANIFEST is what keepset shrink --manifest FILE wrote. SPDX asks for a date: it is now, or SOURCE_DATE_EPOCH.`,
  definitions: {
    format: {
      type: 'string',
      choices: ['cyclonedx', 'spdx'],
      nargs: 1,
      description: 'CycloneDX 1.6 (cyclonedx, the default) or SPDX 2.3 (spdx), in JSON',
    },
  },
} as const;

/** `keepset sbom`: needs no engine. */
export async function sbomCommand(args: readonly string[], console: Console, version: string): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const [file, surplus] = parsed.rest;
  if (file === undefined) throw new UsageError('no manifest given', "'keepset sbom MANIFEST'.");
  if (surplus !== undefined) throw new UsageError(`one manifest at a time: what is '${surplus}'?`);
  const format = parsed.options.format === 'spdx' ? 'spdx' : 'cyclonedx';
  const createdAt = createdOf(console.environment.SOURCE_DATE_EPOCH) ?? new Date().toISOString();
  await console.writeOut(
    await writeBill(await readManifest(file), { format, toolVersion: version, createdAt }),
  );
}
