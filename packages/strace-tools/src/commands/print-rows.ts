import { withShownBytes } from '../exports/shown-bytes.js';
import type { CommandIo } from './command-io.js';
import type { CommandOptions } from './command-options.js';
import { type TableColumn, textTable } from './text-table.js';

/** A column of a table, and its cells. */
export interface RowColumn<Row> extends TableColumn {
  readonly cell: (row: Row) => string;
}

/** The answer to a question: lines of JSON, or a table of the first rows. */
export async function printRows<Row>(
  rows: readonly Row[],
  columns: readonly RowColumn<Row>[],
  { options, io }: { readonly options: CommandOptions; readonly io: CommandIo },
): Promise<void> {
  if (options.json) {
    for (const row of rows) await io.write(`${JSON.stringify(withShownBytes(row))}\n`);
    return;
  }
  if (rows.length === 0) {
    await io.write('none\n');
    return;
  }
  const shown = rows.slice(0, options.top).map((row) => columns.map(({ cell }) => cell(row)));
  await io.write(textTable(columns, shown));
  if (rows.length > shown.length)
    await io.write(`… and ${rows.length - shown.length} more: --top ${rows.length}\n`);
}
