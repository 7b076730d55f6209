import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';
import { PASSED_OVER_OPTIONS } from '../options/passed-over-options.js';
import { RUN_OPTIONS } from '../options/run-options.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';

/** Of an earlier keepset: the manifest of RESULT, before it. */
const FORMER_OPTIONS = {
  ...optionGroup('Understood', {
    manifest: {
      type: 'text',
      value: 'FILE',
      description: 'The manifest of the result, which names its source',
    },
  }),
  isHidden: true,
} as const;

export const DOCTOR = defineCommand({
  name: 'doctor',
  summary: 'examine whether keepset can work here, or find what a result lacks',
  usage: ['doctor [OPTIONS]', 'doctor [--source IMAGE] [OPTIONS] MANIFEST|RESULT [COMMAND [ARG...]]'],
  description: `Examine whether keepset can work here: engine, disk, toolbox, tracing, each with a remedy. Or run a command
that fails in a result, and print which files of its source it looks for in vain, and whose they are.`,
  notes:
    'MANIFEST is what keepset shrink --manifest FILE wrote: it names result and source. Exit status 1 when something is bad, or missing. The output of the command goes to standard error.',
  topic: 'This machine',
  examples: [
    { does: 'Can keepset work here?', line: 'doctor' },
    { does: 'What does a result lack, that fails?', line: 'doctor m.json perl -v' },
  ],
  usual: ['source', 'toolbox', 'env', 'volume', 'user', 'quiet', 'json'],
  placing: 'leading',
  operands: [
    { name: 'MANIFEST|RESULT', noun: 'manifest or result', optional: true },
    { name: 'COMMAND', noun: 'command', optional: true, repeatable: true },
  ],
  groups: [
    optionGroup('Options', {
      source: { type: 'text', value: 'IMAGE', description: 'The image that the result was made of' },
      toolbox: SOURCE_OPTIONS.options.toolbox,
      quiet: { type: 'flag', alias: 'q', description: 'Print only what is missing' },
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
    RUN_OPTIONS,
    ...PASSED_OVER_OPTIONS,
    FORMER_OPTIONS,
  ],
});
