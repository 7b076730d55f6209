import { defineCommand } from '../options/command-definition.js';
import { FAMILY_OPTION } from '../options/harden-options.js';
import { optionGroup } from '../options/option.js';
import { PASSED_OVER_OPTIONS } from '../options/passed-over-options.js';
import { RUN_OPTIONS } from '../options/run-options.js';
import { SERVICE_OPTIONS } from '../options/service-options.js';
import { SOURCE_OPTIONS } from '../options/source-options.js';
import { COMPARE_OPTIONS } from '../options/verify-options.js';

export const HARDEN = defineCommand({
  name: 'harden',
  summary: 'find the least rights of an image, or join those of results',
  usage: ['harden [OPTIONS] -o DIR IMAGE [COMMAND [ARG...]]', 'harden [OPTIONS] -o DIR MANIFEST...'],
  description:
    'Find the least rights under which COMMAND does the same in IMAGE, as it is, and write them; or write those that keepset shrink --harden found for results: of several, their union, under which each of them may run.',
  notes:
    'MANIFEST is what keepset shrink --harden --manifest FILE wrote, or the folder of --harden: what lies here as a file or a folder is no image. A union is nothing that anybody has run as a whole.',
  topic: 'Make an image',
  examples: [
    { does: 'The rights of an image that is not shrunk', line: 'harden -o rights debian:12 perl -v' },
    { does: 'The rights of a result, from its manifest', line: 'harden -o rights m.json' },
    { does: 'One profile for two services', line: 'harden -o both web.json worker.json' },
  ],
  usual: ['output', 'base', 'ignore-output', 'env', 'volume', 'http', 'exec', 'run', 'file', 'quiet', 'json'],
  placing: 'leading',
  operands: [
    { name: 'IMAGE', noun: 'image', optional: true },
    { name: 'COMMAND', noun: 'command', optional: true, repeatable: true },
  ],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'DIR',
        required: 'folder',
        description: 'The folder to write; files of the same names are replaced',
      },
      base: FAMILY_OPTION,
      quiet: { type: 'flag', alias: 'q', description: 'Print nothing' },
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
    COMPARE_OPTIONS,
    SOURCE_OPTIONS,
    SERVICE_OPTIONS,
    RUN_OPTIONS,
    ...PASSED_OVER_OPTIONS,
  ],
});
