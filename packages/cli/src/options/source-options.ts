import type { Options } from 'yargs';
import { KEEP_OPTION_DEFINITIONS } from './keep-options.js';
import { RUN_OPTION_DEFINITIONS } from './run-options.js';
import { SERVICE_OPTION_DEFINITIONS } from './service-options.js';

export const KEEPSET_GROUP = 'Options of keepset:';

/** What every command that traces takes: the source, its runs, and what is kept of it. */
export const TRACE_OPTION_DEFINITIONS = {
  run: {
    type: 'string',
    array: true,
    nargs: 1,
    group: KEEPSET_GROUP,
    description: "One of several commands that are traced each by itself (NAME='COMMAND'); repeatable",
  },
  file: {
    type: 'string',
    alias: 'f',
    nargs: 1,
    group: KEEPSET_GROUP,
    description:
      'Read the image, its runs and more from this file (default keepset.yaml, where no IMAGE is given)',
  },
  jobs: {
    type: 'string',
    nargs: 1,
    group: KEEPSET_GROUP,
    description: 'How many runs are traced at a time (default 1)',
  },
  'keep-list': {
    type: 'string',
    nargs: 1,
    group: KEEPSET_GROUP,
    description: 'Write the list of kept paths to this file',
  },
  'allow-failure': {
    type: 'boolean',
    group: KEEPSET_GROUP,
    description: 'Go on also when the command fails',
  },
  'trace-twice': {
    type: 'boolean',
    group: KEEPSET_GROUP,
    description: 'Trace the command twice, keep what either run used, and tell in what they differ',
  },
  toolbox: {
    type: 'string',
    nargs: 1,
    group: KEEPSET_GROUP,
    description:
      'Where strace and tar come from: auto, host, image, image=REF, install (by the package manager of IMAGE), ./DIR',
  },
  ...KEEP_OPTION_DEFINITIONS,
  ...RUN_OPTION_DEFINITIONS,
} as const satisfies Record<string, Options>;

/** What every command that traces one command takes. */
export const SOURCE_OPTION_DEFINITIONS = {
  ...TRACE_OPTION_DEFINITIONS,
  ...SERVICE_OPTION_DEFINITIONS,
} as const satisfies Record<string, Options>;
