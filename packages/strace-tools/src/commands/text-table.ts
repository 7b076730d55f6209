export interface TableColumn {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
}

/** Rows under their titles, for people: each column as wide as its widest cell, and none of empty cells. */
export function textTable(all: readonly TableColumn[], cells: readonly (readonly string[])[]): string {
  const isUsed = (_: unknown, index: number) => cells.some((row) => row[index] !== '');
  const columns = all.filter(isUsed);
  const rows = cells.map((row) => row.filter(isUsed));
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
