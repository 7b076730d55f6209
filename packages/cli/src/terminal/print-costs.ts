import type { GroupCosts, RunCost, RunCosts } from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import type { TableFormat } from '../options/table-options.js';
import { formatBytes } from './format-bytes.js';
import { mapEach } from './lazy-rows.js';
import { plainLine } from './plain-text.js';
import { csvTable, jsonList, limitedTable } from './text-table.js';

export interface CostTableOptions {
  readonly format: TableFormat;
  /** Show what all runs but each come to. */
  readonly leaveOneOut: boolean;
  /** What the groups are. */
  readonly by: 'run' | 'package' | 'dir';
  /** Rows of the text. Default all. */
  readonly limit: number | undefined;
}

interface CostRow extends RunCost {
  /** As it is printed; undefined for a whole run, and for what is in no group. */
  readonly group: string | undefined;
}

/** What the runs of one source cost. */
export interface PrintedCosts {
  readonly whole: RunCosts;
  /** Undefined: whole runs alone. Names of folders are byte strings. */
  readonly groups: readonly GroupCosts[] | undefined;
}

/** The same, where there may be several sources. */
export interface SourceCosts extends PrintedCosts {
  /** Its name. */
  readonly source: string;
}

/** Whole runs, or, where there are groups, each run in each group, the most that it adds first. */
export function printCosts(costs: PrintedCosts, options: CostTableOptions): Iterable<string> {
  if (options.format === 'json') return [`${JSON.stringify(toJson(costs, options))}\n`];
  const rows = rowsOf(costs, options);
  return options.format === 'csv'
    ? toCsv([{ rows }], options)
    : toText(rows, { whole: costs.whole, ...options });
}

/** A table of each source; in CSV, a column names it. */
export function* printSourceCosts(
  sources: readonly SourceCosts[],
  options: CostTableOptions,
): Generator<string> {
  if (options.format === 'json') {
    yield* jsonList(mapEach(sources, ({ source, ...costs }) => ({ source, ...toJson(costs, options) })));
    yield '\n';
    return;
  }
  if (options.format === 'csv') {
    yield* toCsv(
      sources.map((costs) => ({ source: costs.source, rows: rowsOf(costs, options) })),
      options,
    );
    return;
  }
  for (const [index, costs] of sources.entries()) {
    yield `${index === 0 ? '' : '\n'}${plainLine(costs.source)}\n`;
    yield* toText(rowsOf(costs, options), { whole: costs.whole, ...options });
  }
}

function rowsOf({ whole, groups }: PrintedCosts, options: CostTableOptions): readonly CostRow[] {
  if (groups === undefined) return whole.runs.map((cost) => ({ ...cost, group: undefined }));
  const rows = groups.flatMap(({ group, runs }) =>
    runs.map((cost) => ({ ...cost, group: nameOf(group, options) })),
  );
  return sortByRun(whole, rows);
}

function nameOf(group: string | undefined, { by }: Pick<CostTableOptions, 'by'>): string | undefined {
  return group !== undefined && by === 'dir' ? printPath(group) : group;
}

/** Runs in the order given; in each, what it adds the most to first. */
function sortByRun({ runs }: RunCosts, rows: readonly CostRow[]): readonly CostRow[] {
  const placeOf = (row: CostRow) => runs.findIndex(({ run }) => run === row.run);
  return rows
    .filter(({ total }) => total.paths > 0)
    .sort(
      (one, other) =>
        placeOf(one) - placeOf(other) ||
        other.marginal.sizeBytes - one.marginal.sizeBytes ||
        other.total.sizeBytes - one.total.sizeBytes ||
        ((one.group ?? '') < (other.group ?? '') ? -1 : 1),
    );
}

const TITLES = ['TOTAL', 'UNIQUE', 'SHARED', 'ADDS'];

function* toText(
  rows: readonly CostRow[],
  { whole, leaveOneOut, by, limit }: CostTableOptions & { readonly whole: RunCosts },
): Generator<string> {
  const isGrouped = by !== 'run';
  const numbers = [...TITLES, ...(leaveOneOut ? ['WITHOUT'] : [])];
  yield* limitedTable(
    [
      { title: 'RUN' },
      ...numbers.map((title) => ({ title, isNumber: true })),
      ...(isGrouped ? [{ title: by === 'dir' ? 'FOLDER' : 'PACKAGE' }] : []),
    ],
    rows.map(({ run, group, total, unique, shared, marginal, rest }) => [
      run,
      ...[total, unique, shared, marginal, ...(leaveOneOut ? [rest] : [])].map(({ sizeBytes }) =>
        formatBytes(sizeBytes),
      ),
      ...(isGrouped ? [group ?? '(of no package)'] : []),
    ]),
    { count: rows.length, limit },
  );
  yield `all runs together: ${whole.union.paths} paths, ${formatBytes(whole.union.sizeBytes)}\n`;
}

const AMOUNTS = ['total', 'unique', 'shared', 'marginal', 'rest'] as const;

function toCsv(
  sources: readonly { readonly source?: string; readonly rows: readonly CostRow[] }[],
  { by, leaveOneOut }: CostTableOptions,
): Iterable<string> {
  const amounts = AMOUNTS.filter((name) => leaveOneOut || name !== 'rest');
  const isGrouped = by !== 'run';
  const isOfSources = sources.some(({ source }) => source !== undefined);
  return csvTable(
    [
      ...(isOfSources ? ['source'] : []),
      'run',
      ...(isGrouped ? [by === 'dir' ? 'folder' : 'package'] : []),
      ...amounts.flatMap((name) => [`${name}_paths`, `${name}_bytes`]),
    ],
    sources.flatMap(({ source, rows }) =>
      rows.map((row) => [
        ...(source === undefined ? [] : [source]),
        row.run,
        ...(isGrouped ? [row.group ?? ''] : []),
        ...amounts.flatMap((name) => [String(row[name].paths), String(row[name].sizeBytes)]),
      ]),
    ),
  );
}

function toJson({ whole, groups }: PrintedCosts, options: CostTableOptions): object {
  const named = groups?.map(({ group, ...costs }) => ({ group: nameOf(group, options), ...costs }));
  return { ...whole, ...(named && { groups: named }) };
}
