import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const HARDEN = defineCommand({
  name: 'harden',
  summary: 'write the least rights of results, joined',
  usage: ['harden [OPTIONS] -o DIR MANIFEST...'],
  description:
    'Write the rights that keepset shrink --harden found for results; of several, their union, under which each of them may run.',
  notes:
    'MANIFEST is what keepset shrink --harden --manifest FILE wrote, or the folder of --harden. A union is nothing that anybody has run as a whole.',
  topic: 'Make an image',
  examples: [
    { does: 'The rights of a result, from its manifest', line: 'harden -o rights m.json' },
    { does: 'One profile for two services', line: 'harden -o both web.json worker.json' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST', noun: 'manifest', repeatable: true }],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'DIR',
        required: 'folder',
        description: 'The folder to write; files of the same names are replaced',
      },
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
  ],
});
