import type { PackageUsage } from '@keepset/inventory';
import { type ManifestUsage, readManifest, usageOf as usageOfManifest } from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import type { PACKAGES } from '../definitions/packages.js';
import { isManifestName } from '../inputs/is-manifest-name.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { tableFormat } from '../options/table-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { formatBytes } from '../terminal/format-bytes.js';
import { csvTable, limitedTable } from '../terminal/text-table.js';

/** `keepset packages`: needs an engine only for an image. */
export async function packagesCommand(
  { options, operands: [name] }: CommandLineOf<typeof PACKAGES>,
  console: Console,
): Promise<undefined> {
  const { unused, sort, limit } = options;
  const format = tableFormat(options);
  const isManifest = isManifestName(name);
  if (unused && !isManifest)
    throw new UsageError(
      `there is no file '${name}'`,
      '--unused needs a manifest: of an image it is not known what is used.',
    );
  const usage = isManifest
    ? usageOfManifest(await readManifest(name))
    : await (await import('../images/usage-of-image.js')).usageOfImage(name, options, console);

  const isShown = ({ used }: PackageUsage) => !isManifest || (unused ? used.files === 0 : used.files > 0);
  const amount = unused || !isManifest ? 'installed' : 'used';
  const rows = usage.packages.filter(isShown).sort(ORDERS[sort](amount));
  await console.writeOut(PRINTERS[format](rows, usage.unowned, limit));
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

function* toText(
  rows: readonly PackageUsage[],
  { used, installed }: ManifestUsage['unowned'],
  limit: number | undefined,
): Generator<string> {
  yield* limitedTable(
    [
      { title: 'PACKAGE' },
      { title: 'VERSION' },
      { title: 'KIND' },
      { title: 'FILES', isNumber: true },
      { title: 'OF', isNumber: true },
      { title: 'SIZE', isNumber: true },
      { title: 'OF', isNumber: true },
    ],
    rows.map((row) => [
      row.package.name,
      row.package.version,
      row.package.ecosystem,
      ...[row.used.files, row.installed.files].map(String),
      ...[row.used.sizeBytes, row.installed.sizeBytes].map(formatBytes),
    ]),
    { count: rows.length, limit },
  );
  const sizes = `${formatBytes(used.sizeBytes)} of ${formatBytes(installed.sizeBytes)}`;
  yield `${rows.length} packages; of no package: ${used.files} of ${installed.files} files, ${sizes}\n`;
}

function toJson(rows: readonly PackageUsage[], unowned: ManifestUsage['unowned']): string {
  const packages = rows.map((row) => ({
    ...row,
    package: { ...row.package, database: printPath(row.package.database) },
  }));
  return `${JSON.stringify({ packages, unowned })}\n`;
}

function toCsv(rows: readonly PackageUsage[]): Iterable<string> {
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
