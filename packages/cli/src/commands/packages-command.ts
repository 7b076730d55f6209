import { existsSync } from 'node:fs';
import {
  type ManifestUsage,
  type PackageUsage,
  printPath,
  readImagePackages,
  readManifest,
  usageOf,
} from '@keepset/shrinker';
import { engineOf } from '../inputs/engine-of.js';
import { parseOperands } from '../options/parse-operands.js';
import { FORMAT_OPTION_DEFINITIONS, tableFormat } from '../options/table-format.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { csvTable, textTable } from '../terminal/text-table.js';

const GRAMMAR = {
  name: 'keepset packages',
  usage: `Usage: keepset packages [OPTIONS] MANIFEST|IMAGE

List the packages of which the runs of a manifest used files (executed, loaded or read them), with how much;
or, given an image, all its packages.`,
  epilogue: `A package counts with its regular files. A file of two packages (a Debian package and a Python distribution)
counts for both. A word that names a file is a manifest, as keepset shrink --manifest FILE wrote it.`,
  definitions: {
    unused: { type: 'boolean', description: 'Of a manifest: the packages of which no run used a file' },
    sort: {
      type: 'string',
      choices: ['name', 'bytes', 'files'],
      nargs: 1,
      description: 'By name (the default), or by what was used of them, the most first',
    },
    ...FORMAT_OPTION_DEFINITIONS,
  },
} as const;

/** `keepset packages`: needs an engine only for an image. */
export async function packagesCommand(args: readonly string[], console: Console): Promise<void> {
  const parsed = await parseOperands(args, GRAMMAR, console);
  if (parsed === undefined) return;
  const { unused, sort = 'name' } = parsed.options;
  const [name, surplus] = parsed.rest;
  if (name === undefined)
    throw new UsageError('no manifest and no image given', "'keepset packages MANIFEST|IMAGE'.");
  if (surplus !== undefined) throw new UsageError(`one at a time: what is '${surplus}'?`);
  const format = tableFormat(parsed.options);
  const isManifest = existsSync(name);
  if (unused && !isManifest)
    throw new UsageError(`there is no file '${name}', and of an image it is not known what is used`);
  const usage = isManifest ? usageOf(await readManifest(name)) : await usageOfImage(name, console);

  const isShown = ({ used }: PackageUsage) => !isManifest || (unused ? used.files === 0 : used.files > 0);
  const amount = unused || !isManifest ? 'installed' : 'used';
  const rows = usage.packages.filter(isShown).sort(ORDERS[sort as keyof typeof ORDERS](amount));
  await console.writeOut(PRINTERS[format](rows, usage.unowned));
}

async function usageOfImage(reference: string, console: Console): Promise<ManifestUsage> {
  await using engine = await engineOf(console);
  const base = console.environment.KEEPSET_TOOLBOX_BASE;
  const { warnings, ...usage } = await readImagePackages(engine, reference, {
    toolbox: { source: 'auto', ...(base && { base }) },
    onPull: () => console.writeError(`keepset: the engine has no image '${reference}': pulling it\n`),
  });
  for (const { path, message } of warnings) console.writeError(`keepset: ${printPath(path)}: ${message}\n`);
  return usage;
}

type Order = (amount: 'used' | 'installed') => (one: PackageUsage, other: PackageUsage) => number;

const byName = (one: PackageUsage, other: PackageUsage) =>
  compare(one.package.name, other.package.name) || compare(one.package.purl, other.package.purl);

const ORDERS = {
  name: () => byName,
  bytes: (amount) => (one, other) => other[amount].sizeBytes - one[amount].sizeBytes || byName(one, other),
  files: (amount) => (one, other) => other[amount].files - one[amount].files || byName(one, other),
} satisfies Record<string, Order>;

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

const PRINTERS = { text: toText, json: toJson, csv: toCsv };

function toText(rows: readonly PackageUsage[], unowned: ManifestUsage['unowned']): string {
  const table = textTable(
    [
      { title: 'PACKAGE' },
      { title: 'VERSION' },
      { title: 'KIND' },
      { title: 'FILES', isNumber: true },
      { title: 'OF', isNumber: true },
      { title: 'BYTES', isNumber: true },
      { title: 'OF', isNumber: true },
    ],
    rows.map(({ package: { name, version, ecosystem }, used, installed }) => [
      name,
      version,
      ecosystem,
      ...[used.files, installed.files, used.sizeBytes, installed.sizeBytes].map(String),
    ]),
  );
  const { used, installed } = unowned;
  return `${table}of no package: ${used.files} of ${installed.files} files, ${used.sizeBytes} of ${installed.sizeBytes} bytes\n`;
}

function toJson(rows: readonly PackageUsage[], unowned: ManifestUsage['unowned']): string {
  const packages = rows.map((row) => ({
    ...row,
    package: { ...row.package, database: printPath(row.package.database) },
  }));
  return `${JSON.stringify({ packages, unowned })}\n`;
}

function toCsv(rows: readonly PackageUsage[]): string {
  const titles = [
    'ecosystem',
    'name',
    'version',
    'purl',
    'used_files',
    'kept_files',
    'installed_files',
    'used_bytes',
    'kept_bytes',
    'installed_bytes',
    'runs',
  ];
  return csvTable(
    titles,
    rows.map(({ package: { ecosystem, name, version, purl }, used, kept, installed, byRun }) => [
      ecosystem,
      name,
      version,
      purl,
      ...[used, kept, installed].map(({ files }) => String(files)),
      ...[used, kept, installed].map(({ sizeBytes }) => String(sizeBytes)),
      byRun.map(({ run }) => run).join(' '),
    ]),
  );
}
