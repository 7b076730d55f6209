import { findRecords, isAdvisory, type OsvRecord, parseQuery } from '@keepset/inventory';
import type { AffectedAnswer, AffectedStatus } from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import type { AFFECTED } from '../definitions/affected.js';
import { askOsv } from '../inputs/ask-osv.js';
import { readOsvRecords } from '../inputs/read-osv-records.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { textTable } from '../terminal/text-table.js';
import { type ArchiveAnswer, answerArchive } from './answer-archive.js';

/** What is as bad as each, or worse. */
const FAILS_ON = {
  used: ['used'],
  present: ['used', 'present'],
  unknown: ['used', 'present', 'unknown'],
} as const satisfies Record<string, readonly AffectedStatus[]>;

/** The exit status of an answer that `--fail-on` names. */
const AFFECTED_STATUS = 1;

/** `keepset affected`: needs no engine. */
export async function affectedCommand(
  { options, operands: texts }: CommandLineOf<typeof AFFECTED>,
  console: Console,
): Promise<number | undefined> {
  const records = await recordsFor(texts, options, console);
  const queries = texts.map((text) => parseQuery(text, records));
  const rows: ArchiveAnswer[] = [];
  for (const place of options.in)
    rows.push(...(await answerArchive(place, queries, { console, index: options.index })));
  await console.writeOut(options.json ? toJson(rows) : toText(rows));
  const failOn = options['fail-on'];
  if (failOn === undefined) return;
  const failing: readonly AffectedStatus[] = FAILS_ON[failOn];
  const grave = rows.filter(({ status }) => failing.includes(status));
  if (grave.length === 0) return;
  console.writeError(`keepset: ${grave.length} of ${rows.length} answers are ${failing.join(' or ')}\n`);
  return AFFECTED_STATUS;
}

/**
 * The records of all advisories that are asked about.
 *
 * @throws UsageError  there is none of one of them
 */
async function recordsFor(
  texts: readonly string[],
  { osv, online }: CommandLineOf<typeof AFFECTED>['options'],
  console: Console,
): Promise<readonly OsvRecord[]> {
  const isUnknown = (text: string, records: readonly OsvRecord[]) =>
    isAdvisory(text) && findRecords(text, records).length === 0;
  const given = readOsvRecords(osv);
  const ids = texts.filter((text) => isUnknown(text, given));
  const records = online ? [...given, ...(await askOsv(ids, console))] : given;
  const unknown = texts.find((text) => isUnknown(text, records));
  if (unknown === undefined) return records;
  throw new UsageError(
    `no record of ${unknown}`,
    'Give OSV files that have it with --osv FILE|DIR, or ask for it with --online.',
  );
}

const SHOWN_FILES = 2;

function toText(rows: readonly ArchiveAnswer[]): Iterable<string> {
  const titles = ['STATUS', 'QUERY', 'MANIFEST', 'PACKAGES', 'FILES'].map((title) => ({ title }));
  return textTable(
    titles,
    rows.map(({ status, query, manifest, packages, files }) => [
      status,
      query,
      manifest,
      packages.map((each) => `${each.package.name} ${each.package.version}`).join(', ') || '-',
      filesText(files),
    ]),
  );
}

function filesText(files: AffectedAnswer['files']): string {
  const shown = files
    .slice(0, SHOWN_FILES)
    .map(({ path, runs }) => `${printPath(path)}${runs.length === 0 ? '' : ` (run ${runs.join(', ')})`}`);
  const rest = files.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ') || '-';
}

function toJson(rows: readonly ArchiveAnswer[]): string {
  const printed = rows.map(({ packages, files, ...row }) => ({
    ...row,
    packages: packages.map((each) => ({ purl: each.package.purl, status: each.status })),
    files: files.map(({ path, runs }) => ({ path: printPath(path), runs })),
  }));
  return `${JSON.stringify(printed)}\n`;
}
