import { takeFirst } from './lazy-rows.js';
import { plainLine } from './plain-text.js';

export interface TableColumn {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
}

/**
 * Rows under their titles, for people: as wide as the widest cell of each column; the last column is not filled up.
 *
 * @param rows  gone through twice
 * @returns     lines with their newlines
 */
export function* textTable(
  columns: readonly TableColumn[],
  rows: Iterable<readonly string[]>,
): Generator<string> {
  const widths = columns.map(({ title }) => title.length);
  for (const row of rows)
    row.forEach((text, index) => {
      const { length } = plainLine(text);
      if (length > (widths[index] ?? 0)) widths[index] = length;
    });
  const toLine = (row: readonly string[]) => {
    const cells = columns.map(({ isNumber }, index) => {
      const [cell, width] = [plainLine(row[index] ?? ''), widths[index] ?? 0];
      return isNumber ? cell.padStart(width) : cell.padEnd(width);
    });
    return `${cells.join('  ').trimEnd()}\n`;
  };
  yield toLine(columns.map(({ title }) => title));
  for (const row of rows) yield toLine(row);
}

/**
 * The first rows of a table, and how many there are besides.
 *
 * @param count  of all rows
 * @param limit  all by default
 */
export function* limitedTable(
  columns: readonly TableColumn[],
  rows: Iterable<readonly string[]>,
  { count, limit = Number.POSITIVE_INFINITY }: { readonly count: number; readonly limit: number | undefined },
): Generator<string> {
  yield* textTable(columns, takeFirst(rows, limit));
  if (count > limit) yield `and ${count - limit} more; see --limit\n`;
}

/**
 * @returns lines with their newlines
 * @see RFC 4180, but for the ends of lines: one newline
 */
export function* csvTable(titles: readonly string[], rows: Iterable<readonly string[]>): Generator<string> {
  // A cell of several lines is RFC 4180's; a reader of lines would take it for rows.
  const quote = (text: string) => {
    const cell = plainLine(text);
    return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  };
  const toLine = (row: readonly string[]) => `${row.map(quote).join(',')}\n`;
  yield toLine(titles);
  for (const row of rows) yield toLine(row);
}

/** @returns a JSON array in pieces */
export function* jsonList(items: Iterable<unknown>): Generator<string> {
  let separator = '[';
  for (const item of items) {
    yield `${separator}${JSON.stringify(item)}`;
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}
