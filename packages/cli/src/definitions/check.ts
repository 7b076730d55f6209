import { defineCommand } from '../options/command-definition.js';
import { KEEP_OPTIONS } from '../options/keep-options.js';
import { optionGroup } from '../options/option.js';
import { PASSED_OVER_OPTIONS } from '../options/passed-over-options.js';
import { RUN_OPTIONS } from '../options/run-options.js';
import { SERVICE_OPTIONS } from '../options/service-options.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';

export const CHECK = defineCommand({
  name: 'check',
  summary: 'trace again, and print where a keep list has become wrong',
  usage: ['check --locked FILE [OPTIONS] IMAGE [COMMAND [ARG...]]'],
  description:
    'Trace COMMAND again and print what it needs that the keep list lacks (+), and what the list has that it does not need (-).',
  notes: `Exit status 1 when there is a difference. Give the options with which the list was made. The output of the command
goes to standard error.`,
  topic: 'Make an image',
  examples: [
    { does: 'Does the committed keep list still fit?', line: 'check --locked keep.txt debian:12 perl -v' },
    {
      does: 'Of a web service, and write the new list',
      line: 'check --locked keep.txt --keep-list new.txt --http / nginx',
    },
  ],
  usual: ['locked', 'keep-list', 'env', 'volume', 'http', 'exec', 'run', 'file', 'keep', 'quiet', 'json'],
  placing: 'leading',
  operands: [
    { name: 'IMAGE', noun: 'image', optional: true },
    { name: 'COMMAND', noun: 'command', optional: true, repeatable: true },
  ],
  groups: [
    optionGroup('Options', {
      locked: {
        type: 'text',
        value: 'FILE',
        required: 'keep list',
        description: 'The keep list to compare with',
      },
      'keep-list': {
        type: 'text',
        value: 'FILE',
        description: 'Write the new list of kept paths to this file',
      },
      quiet: { type: 'flag', alias: 'q', description: 'Print only the difference' },
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
    SOURCE_OPTIONS,
    KEEP_OPTIONS,
    SERVICE_OPTIONS,
    RUN_OPTIONS,
    ...PASSED_OVER_OPTIONS,
  ],
});
