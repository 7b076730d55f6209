export interface TableColumn {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
}

/** Rows under their titles, for people: as wide as the widest cell of each column; the last column is not filled up. */
export function textTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const widths = titles.map((title, index) =>
    rows.reduce((widest, row) => Math.max(widest, (row[index] ?? '').length), title.length),
  );
  return [titles, ...rows]
    .map((row) => {
      const cells = columns.map(({ isNumber }, index) => {
        const [cell, width] = [row[index] ?? '', widths[index] ?? 0];
        return isNumber ? cell.padStart(width) : cell.padEnd(width);
      });
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

/**
 * The first rows of a table, and how many there are besides.
 *
 * @param limit  all by default
 */
export function limitedTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  limit: number = Number.POSITIVE_INFINITY,
): string {
  const rest = rows.length - limit;
  return `${textTable(columns, rows.slice(0, limit))}${rest > 0 ? `and ${rest} more; see --limit\n` : ''}`;
}

/** @see RFC 4180, but for the ends of lines: one newline */
export function csvTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return [titles, ...rows].map((row) => `${row.map(quote).join(',')}\n`).join('');
}
