import type { Options } from 'yargs';
import { KEEPSET_GROUP as GROUP, SOURCE_OPTION_DEFINITIONS } from './source-options.js';

/** Everything that `keepset check` takes. */
export const CHECK_OPTION_DEFINITIONS: Readonly<Record<string, Options>> = {
  locked: {
    type: 'string',
    nargs: 1,
    group: GROUP,
    description: 'The keep list to compare with',
  },
  quiet: { type: 'boolean', alias: 'q', group: GROUP, description: 'Print only the difference' },
  json: { type: 'boolean', group: GROUP, description: 'Print one JSON object' },
  ...SOURCE_OPTION_DEFINITIONS,
};
