/** One row of the table that -c and -C print: a system call, or the total of all. */
export interface SummaryRow {
  readonly name: string;
  /** Share of the time, 0 to 100. */
  readonly percent?: number;
  readonly seconds?: number;
  /** Mean, least and most time of a call, in microseconds (`usecs/call`) and seconds, as strace prints them. */
  readonly microsecondsPerCall?: number;
  readonly shortest?: number;
  readonly longest?: number;
  readonly calls?: number;
  /** Calls that failed; absent if none did. */
  readonly errors?: number;
}

/** The table of one personality (`32 bit`), or of the only one. */
export interface SummaryTable {
  /** From `System call usage summary for 32 bit mode:`. */
  readonly mode?: string;
  readonly rows: readonly SummaryRow[];
  readonly total?: SummaryRow;
}

type Column = Exclude<keyof SummaryRow, 'name'> | 'name';

const COLUMNS: Readonly<Record<string, Column>> = {
  '% time': 'percent',
  seconds: 'seconds',
  'usecs/call': 'microsecondsPerCall',
  shortest: 'shortest',
  longest: 'longest',
  calls: 'calls',
  errors: 'errors',
  syscall: 'name',
};
const TITLE = /% time|seconds|usecs\/call|shortest|longest|calls|errors|syscall/g;
const RULE = /^-+(?: -+)*$/;

/**
 * The tables of `strace -c` and `-C`. Lines that belong to no table are passed over, so the whole output of
 * `strace -C` may be given.
 *
 * @param text  of the log, or of its `table` events joined by newlines
 */
export function parseSummary(text: string): SummaryTable[] {
  const tables: SummaryTable[] = [];
  let mode: string | undefined;
  let columns: readonly Cell[] | undefined;
  let rows: SummaryRow[] = [];
  let titles = '';
  for (const line of text.split('\n')) {
    const heading = /^System call usage summary for (.+) mode:$/.exec(line)?.[1];
    if (heading !== undefined) mode = heading;
    else if (RULE.test(line)) {
      if (columns === undefined) columns = toColumns(titles, line);
    } else if (columns !== undefined && columns.length > 0) {
      const row = toRow(line, columns);
      if (row === undefined || row.name === 'total') {
        tables.push({
          ...(mode === undefined ? {} : { mode }),
          rows,
          ...(row === undefined ? {} : { total: row }),
        });
        columns = undefined;
        rows = [];
        mode = undefined;
      } else rows.push(row);
    } else columns = undefined;
    titles = line;
  }
  return tables;
}

interface Cell {
  readonly column: Column;
  readonly start: number;
  /** Exclusive; the last column has no end. */
  readonly end: number;
}

/** Which column is where: the rule under the titles shows the widths. */
function toColumns(titles: string, rule: string): readonly Cell[] {
  const names = titles.match(TITLE) ?? [];
  let start = 0;
  const cells = rule.split(' ').map((dashes, i): Cell | undefined => {
    const column = COLUMNS[names[i] ?? ''];
    const end = start + dashes.length;
    const cell = column === undefined ? undefined : { column, start, end };
    start = end + 1;
    return cell;
  });
  const known = cells.filter((cell) => cell !== undefined);
  return known.length === names.length ? known : [];
}

function toRow(line: string, columns: readonly Cell[]): SummaryRow | undefined {
  const row: Record<string, string | number> = {};
  for (const [i, { column, start, end }] of columns.entries()) {
    const text = line.slice(start, i === columns.length - 1 ? undefined : end).trim();
    if (column === 'name') row.name = text;
    else if (text !== '') row[column] = Number(text);
  }
  if (typeof row.name !== 'string' || row.name === '') return undefined;
  return Object.values(row).some(Number.isNaN) ? undefined : (row as unknown as SummaryRow);
}
