import { readManifest, writeBill } from '@keepset/shrinker';
import type { Console } from './console.js';
import { operandsLast } from './operands-last.js';
import { parseOptions } from './parse-options.js';
import { UsageError } from './usage-error.js';

const GRAMMAR = {
  name: 'keepset sbom',
  usage: `Usage: keepset sbom MANIFEST

Print the bill of materials of a result: the packages of which it has files, and which files.`,
  epilogue: 'MANIFEST is what keepset shrink --manifest FILE wrote.',
  definitions: {
    format: {
      type: 'string',
      choices: ['cyclonedx'],
      nargs: 1,
      description: 'CycloneDX 1.6 in JSON (cyclonedx, the default)',
    },
  },
} as const;

/** `keepset sbom`: needs no engine. */
export async function sbomCommand(args: readonly string[], console: Console, version: string): Promise<void> {
  const ordered = operandsLast(args, GRAMMAR.definitions);
  const parsed = await parseOptions(ordered, GRAMMAR, console, console.columns);
  if (typeof parsed === 'string') return void (await console.writeOut(`${parsed}\n`));
  const [file, surplus] = parsed.rest;
  if (file === undefined) throw new UsageError('no manifest given', "'keepset sbom MANIFEST'.");
  if (surplus !== undefined) throw new UsageError(`one manifest at a time: what is '${surplus}'?`);
  await console.writeOut(await writeBill(await readManifest(file), version));
}
