import { optionGroup } from './option.js';

/** What is run in which image, for every command that traces. */
export const SOURCE_OPTIONS = optionGroup('The source and its runs', {
  run: {
    type: 'text',
    value: "NAME='COMMAND'",
    repeatable: true,
    description: 'One of several commands whose files are kept together; each is traced by itself',
  },
  file: {
    type: 'text',
    alias: 'f',
    value: 'FILE',
    defaultText: '`keepset.yaml`, where no IMAGE is given',
    description: 'Read the image, its runs and services, and more from this file',
  },
  jobs: { type: 'number', value: 'N', min: 1, default: 1, description: 'How many runs are traced at a time' },
  'allow-failure': {
    type: 'flag',
    description: 'Go on when the command fails; the result must then fail in the same way',
  },
  'trace-twice': {
    type: 'flag',
    description: 'Trace the command twice, keep what either run used, and report how they differ',
  },
  toolbox: {
    type: 'text',
    value: 'host|image[=REF]|install|./DIR',
    default: 'auto',
    description:
      'Where strace and tar come from: this machine, an image that is built for it (or REF), the package manager of IMAGE in a container that is removed again, or a folder; `auto` is this machine, else the image',
  },
});
