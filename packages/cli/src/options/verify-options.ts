import { optionGroup } from './option.js';

/** What of a difference does not count. */
export const COMPARE_OPTIONS = optionGroup('Verification', {
  'allow-flaky': {
    type: 'flag',
    description: 'Go on also when the command succeeds in one run of the source and fails in another',
  },
  'ignore-output': {
    type: 'text',
    value: 'REGEX',
    repeatable: true,
    description: 'Do not compare what this matches in lines of output',
  },
  'ignore-file': {
    type: 'text',
    value: 'PATTERN',
    repeatable: true,
    description: 'Do not compare files that this pattern matches, as in `--keep`',
  },
});

/** How a result is compared with its source. */
export const VERIFY_OPTIONS = optionGroup('Verification', {
  verify: {
    type: 'flag',
    default: true,
    description: 'Do not run the command in the result',
  },
  check: {
    type: 'text',
    value: "NAME='COMMAND'",
    repeatable: true,
    description:
      'A command that must do the same in the result; it is not traced, and what it lacks is named',
  },
  checks: {
    type: 'choice',
    choices: ['fail', 'advise'],
    defaultText: '`fail`',
    description: 'Whether a `--check` that fails refuses the result, or only warns',
  },
  strict: {
    type: 'flag',
    description:
      'Make no image where the run seems to have done too little: nothing but a shell ran, a server was never asked, …; without it, warn',
  },
  repair: {
    type: 'number',
    value: 'N',
    min: 0,
    max: 20,
    defaultText: '3; 0 with `--locked`',
    description: 'How often a result that differs may be repaired',
  },
  reference: {
    type: 'choice',
    choices: ['untraced', 'traced'],
    defaultText: '`untraced`',
    description:
      'Hold the result against runs of the source without a tracer, or against the traced run alone: a run less, for commands that take hours',
  },
  'allow-flaky': COMPARE_OPTIONS.options['allow-flaky'],
  'write-mounts': {
    type: 'flag',
    description:
      'Let the traced run write your volumes and folders, as docker run does; without it, each run has a copy of them',
  },
  'copy-mounts-max': {
    type: 'text',
    value: 'SIZE',
    defaultText: '1g',
    description:
      'Runs have no copy of a mount that is larger than this: they share it, and cannot write there',
  },
  'ignore-output': COMPARE_OPTIONS.options['ignore-output'],
  'ignore-file': COMPARE_OPTIONS.options['ignore-file'],
});
