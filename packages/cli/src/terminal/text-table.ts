import { plainLine } from './plain-text.js';

export interface TableColumn {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
}

/** Rows under their titles, for people: as wide as the widest cell of each column; the last column is not filled up. */
export function textTable(columns: readonly TableColumn[], texts: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const rows = texts.map((row) => row.map(plainLine));
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

/** @see RFC 4180, but for the ends of lines: one newline */
export function csvTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  // A cell of several lines is RFC 4180's; a reader of lines would take it for rows.
  const quote = (text: string) => {
    const cell = plainLine(text);
    return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  };
  return [titles, ...rows].map((row) => `${row.map(quote).join(',')}\n`).join('');
}
