import type { RightChange } from '@keepset/hardening';
import type { TableFormat } from '../../options/table-options.js';
import { csvTable, limitedTable } from '../text-table.js';

const COLUMNS = [{ title: 'CHANGE' }, { title: 'RIGHT' }, { title: 'NAME' }];

/** Rights that two sides do not have alike, a row each. */
export function printRights(
  changes: readonly RightChange[],
  format: TableFormat,
  limit: number,
): Iterable<string> {
  const rows = changes.map(({ change, kind, name }) => [change, kind, name]);
  if (format === 'json') return [`${JSON.stringify({ rights: changes })}\n`];
  if (format === 'csv') return csvTable(['change', 'right', 'name'], rows);
  return limitedTable(COLUMNS, rows, { count: rows.length, limit });
}
