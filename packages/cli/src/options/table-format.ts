import type { ParsedOptions } from '../inputs/to-run-options.js';
import { UsageError } from './usage-error.js';

/** How a command prints its rows. */
export type TableFormat = 'text' | 'json' | 'csv';

/** The options of every command that prints a table. */
export const FORMAT_OPTION_DEFINITIONS = {
  json: { type: 'boolean', description: 'Print JSON' },
  csv: { type: 'boolean', description: 'Print CSV' },
} as const;

/** @throws UsageError  both are asked for */
export function tableFormat({ json, csv }: ParsedOptions): TableFormat {
  if (json && csv) throw new UsageError('--json and --csv: one of them');
  return json ? 'json' : csv ? 'csv' : 'text';
}
