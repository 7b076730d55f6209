import type { Options } from 'yargs';
import { KEEPSET_GROUP as GROUP } from './source-options.js';

/** How a result is held against its source. */
export const VERIFY_OPTION_DEFINITIONS = {
  verify: {
    type: 'boolean',
    default: true,
    group: GROUP,
    description: 'Run the command in the result and compare (--no-verify: do not)',
  },
  check: {
    type: 'string',
    array: true,
    nargs: 1,
    group: GROUP,
    description:
      "A command that is not traced, and must do the same in the result (NAME='COMMAND'); repeatable",
  },
  checks: {
    type: 'string',
    nargs: 1,
    choices: ['fail', 'advise'],
    group: GROUP,
    description: 'What a --check that fails does: there is no result (fail, the default), or it is told',
  },
  strict: {
    type: 'boolean',
    group: GROUP,
    description: 'Make no image where the run seems to have been too little',
  },
  repair: {
    type: 'number',
    nargs: 1,
    group: GROUP,
    description: 'How often a result that differs may be mended (default 3; 0 with --locked)',
  },
  'ignore-output': {
    type: 'string',
    array: true,
    nargs: 1,
    group: GROUP,
    description: 'Do not compare what matches this regular expression in lines of output; repeatable',
  },
  'ignore-file': {
    type: 'string',
    array: true,
    nargs: 1,
    group: GROUP,
    description: 'Do not compare files that this pattern names; repeatable',
  },
} as const satisfies Record<string, Options>;
