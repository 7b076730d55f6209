import { type GroupValues, optionGroup } from './option.js';
import { UsageError } from './usage-error.js';

/** How a command prints its rows. */
export type TableFormat = 'text' | 'json' | 'csv';

/** The options of every command that prints a table. */
export const TABLE_OPTIONS = optionGroup('Format', {
  json: { type: 'flag', description: 'Print JSON' },
  csv: { type: 'flag', description: 'Print CSV' },
  limit: {
    type: 'number',
    value: 'N',
    min: 1,
    defaultText: 'all; 20 of `keepset diff`',
    description: 'Rows of each table of the text; JSON and CSV have all, in bytes',
  },
});

/** @throws UsageError  both are asked for */
export function tableFormat({
  json,
  csv,
}: Pick<GroupValues<typeof TABLE_OPTIONS>, 'json' | 'csv'>): TableFormat {
  if (json && csv) throw new UsageError('--json and --csv exclude each other', 'Leave one of them out.');
  return json ? 'json' : csv ? 'csv' : 'text';
}
