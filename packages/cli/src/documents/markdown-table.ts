/**
 * A table of Markdown (GitHub's), with cells as wide as the widest of their column, as the formatter wants it. Cells are
 * Markdown; a bar in one is escaped, as it must be even in code.
 *
 * @example markdownTable(['option'], [['`--a|b`']])
 * // | option    |
 * // | --------- |
 * // | `--a\\|b` |
 */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [titles, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = titles.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('');
}
