import type { Options } from 'yargs';
import { RUN_OPTION_DEFINITIONS } from './run-option-definitions.js';

const GROUP = 'Options of keepset:';

/** What `keepset shrink` takes besides the options of docker run. */
export const SHRINK_OPTION_DEFINITIONS = {
  tag: {
    type: 'string',
    array: true,
    nargs: 1,
    alias: 't',
    group: GROUP,
    description: 'Name of the result (NAME[:TAG]); repeatable',
  },
  keep: { type: 'string', nargs: 1, group: GROUP, description: 'Write the list of kept paths to this file' },
  manifest: {
    type: 'string',
    nargs: 1,
    group: GROUP,
    description: 'Write the manifest (JSON: what was kept, removed, and why) to this file',
  },
  'allow-failure': { type: 'boolean', group: GROUP, description: 'Build also when the command fails' },
  verify: {
    type: 'boolean',
    default: true,
    group: GROUP,
    description: 'Run the command in the result and compare (--no-verify: do not)',
  },
  toolbox: {
    type: 'string',
    nargs: 1,
    group: GROUP,
    description: 'Where strace and tar come from: auto, host, image, image=REF',
  },
  quiet: { type: 'boolean', alias: 'q', group: GROUP, description: 'Print only the ID of the result' },
  json: { type: 'boolean', group: GROUP, description: 'Print one JSON object' },
} as const satisfies Record<string, Options>;

export const ALL_OPTION_DEFINITIONS: Readonly<Record<string, Options>> = {
  ...SHRINK_OPTION_DEFINITIONS,
  ...RUN_OPTION_DEFINITIONS,
};
