import { setFlagsFromString } from 'node:v8';
import { findRecords, isAdvisory, type OsvRecord, parseQuery, type Query } from '@keepset/inventory';
import type { AffectedAnswer, AffectedStatus } from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import type { AFFECTED } from '../definitions/affected.js';
import { askOsv } from '../inputs/ask-osv.js';
import { readOsvRecords } from '../inputs/read-osv-records.js';
import type { CommandLineOf } from '../options/command-definition.js';
import { type TableFormat, tableFormat } from '../options/table-options.js';
import { UsageError } from '../options/usage-error.js';
import type { Console } from '../terminal/console.js';
import { csvTable, limitedTable } from '../terminal/text-table.js';
import { type ArchiveAnswer, answerArchive } from './archives/answer-archive.js';

/** What is as bad as each, or worse. */
const FAILS_ON = {
  used: ['used'],
  present: ['used', 'present'],
  unknown: ['used', 'present', 'unknown'],
} as const satisfies Record<string, readonly AffectedStatus[]>;

/** The exit status of an answer that `--fail-on` names. */
const AFFECTED_STATUS = 1;

/** `keepset affected`: needs an engine only for images of its own. */
export async function affectedCommand(
  { options, operands: texts }: CommandLineOf<typeof AFFECTED>,
  console: Console,
): Promise<number | undefined> {
  if (options.in.length === 0 && options.image.length === 0)
    throw new UsageError(
      'no manifests given',
      'Name them with --in MANIFEST|DIR, or images with --image IMAGE.',
    );
  // What is read of manifests is soon thrown away: V8 would let 30 MB of it pile up in each thread.
  setFlagsFromString('--heap-growing-percent=20');
  const records = await recordsFor(texts, options, console);
  const format = tableFormat(options);
  const queries = texts.map((text) => parseQuery(text, records));
  const answers: ArchiveAnswer[] = [];
  for (const place of options.in)
    answers.push(...(await answerArchive(place, queries, { console, index: options.index })));
  if (options.image.length > 0) {
    const { answerImages } = await import('./answer-images.js');
    answers.push(...(await answerImages(options.image, queries, options, console)));
  }
  const rows = queries.reduce(markUnknown, answers);
  await console.writeOut(PRINTERS[format](rows, options.limit));
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

/** That nobody has what bears a name says nothing about it: the name may be another, or wrong. */
function markUnknown(rows: readonly ArchiveAnswer[], query: Query): ArchiveAnswer[] {
  const isName = query.kind === 'soname' || (query.kind === 'packages' && query.anyVersion);
  const isKnown = rows.some(({ query: text, status }) => text === query.text && status !== 'unaffected');
  return rows.map((row) =>
    isName && !isKnown && row.query === query.text ? { ...row, status: 'unknown' } : row,
  );
}

const SHOWN_FILES = 2;

type Printer = (rows: readonly ArchiveAnswer[], limit: number | undefined) => string | Iterable<string>;

const PRINTERS: Readonly<Record<TableFormat, Printer>> = { text: toText, json: toJson, csv: toCsv };

function* toText(rows: readonly ArchiveAnswer[], limit: number | undefined): Generator<string> {
  const titles = ['STATUS', 'QUERY', 'MANIFEST', 'PACKAGES', 'FILES'].map((title) => ({ title }));
  yield* limitedTable(
    titles,
    rows.map(({ status, query, manifest, packages, files }) => [
      status,
      query,
      manifest,
      packages.map((each) => `${each.package.name} ${each.package.version}`).join(', ') || '-',
      filesText(files),
    ]),
    { count: rows.length, limit },
  );
  yield `${totalText(rows)}\n`;
}

/** @example 'used 2, removed 1 of 3 answers' */
function totalText(rows: readonly ArchiveAnswer[]): string {
  const counts = new Map<string, number>();
  for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  return `${[...counts].map(([status, count]) => `${status} ${count}`).join(', ') || 'none'} of ${rows.length} answers`;
}

function toCsv(rows: readonly ArchiveAnswer[]): Iterable<string> {
  return csvTable(
    ['status', 'query', 'manifest', 'packages', 'files'],
    rows.map(({ status, query, manifest, packages, files }) => [
      status,
      query,
      manifest,
      packages.map((each) => each.package.purl).join(' '),
      files.map(({ path }) => printPath(path)).join(' '),
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
