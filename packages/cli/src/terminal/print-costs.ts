import type { GroupCosts, RunCost, RunCosts } from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';
import type { TableFormat } from '../options/table-options.js';
import { formatBytes } from './format-bytes.js';
import { csvTable, limitedTable } from './text-table.js';

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

/**
 * Whole runs, or, where there are groups, each run in each group, the most that it adds first.
 *
 * @param groups  names of folders are byte strings
 */
export function printCosts(
  whole: RunCosts,
  groups: readonly GroupCosts[] | undefined,
  options: CostTableOptions,
): Iterable<string> {
  const nameOf = (group: string | undefined) =>
    group !== undefined && options.by === 'dir' ? printPath(group) : group;
  const wholeRows = whole.runs.map((cost) => ({ ...cost, group: undefined }));
  const groupRows = (groups ?? []).flatMap(({ group, runs }) =>
    runs.map((cost) => ({ ...cost, group: nameOf(group) })),
  );
  if (options.format === 'json') return [toJson(whole, groups, nameOf)];
  const rows = groups === undefined ? wholeRows : sortByRun(whole, groupRows);
  return options.format === 'csv'
    ? toCsv(rows, groups !== undefined, options)
    : toText(rows, { whole, ...options });
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
  rows: readonly CostRow[],
  isGrouped: boolean,
  { by, leaveOneOut }: CostTableOptions,
): Iterable<string> {
  const amounts = AMOUNTS.filter((name) => leaveOneOut || name !== 'rest');
  return csvTable(
    [
      'run',
      ...(isGrouped ? [by === 'dir' ? 'folder' : 'package'] : []),
      ...amounts.flatMap((name) => [`${name}_paths`, `${name}_bytes`]),
    ],
    rows.map((row) => [
      row.run,
      ...(isGrouped ? [row.group ?? ''] : []),
      ...amounts.flatMap((name) => [String(row[name].paths), String(row[name].sizeBytes)]),
    ]),
  );
}

function toJson(
  whole: RunCosts,
  groups: readonly GroupCosts[] | undefined,
  nameOf: (group: string | undefined) => string | undefined,
): string {
  const named = groups?.map(({ group, ...costs }) => ({ group: nameOf(group), ...costs }));
  return `${JSON.stringify({ ...whole, ...(named && { groups: named }) })}\n`;
}
