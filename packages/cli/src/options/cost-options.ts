import type { Options } from 'yargs';
import { KEEPSET_GROUP as GROUP, TRACE_OPTION_DEFINITIONS } from './source-options.js';
import { FORMAT_OPTION_DEFINITIONS } from './table-format.js';

const { 'keep-list': _, jobs: __, ...SOURCE_OPTIONS } = TRACE_OPTION_DEFINITIONS;

/** Everything that `keepset cost` takes. */
export const COST_OPTION_DEFINITIONS: Readonly<Record<string, Options>> = {
  by: {
    type: 'string',
    choices: ['run', 'package', 'dir'],
    nargs: 1,
    group: GROUP,
    description: 'Of each run as a whole (the default), or in each package, or folder',
  },
  depth: {
    type: 'string',
    nargs: 1,
    group: GROUP,
    description: 'Of --by dir: how many folders deep (default 2)',
  },
  'leave-one-out': {
    type: 'boolean',
    group: GROUP,
    description: 'Tell as well what all runs but this one come to',
  },
  quiet: { type: 'boolean', alias: 'q', group: GROUP, description: 'Print only the table' },
  json: { ...FORMAT_OPTION_DEFINITIONS.json, group: GROUP },
  csv: { ...FORMAT_OPTION_DEFINITIONS.csv, group: GROUP },
  ...SOURCE_OPTIONS,
};
