import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const REPORT = defineCommand({
  name: 'report',
  summary: 'write an HTML page of what was kept, what was removed, and why',
  usage: ['report -o FILE MANIFEST'],
  description:
    'Write one HTML page of what was kept, what was removed, and why. It opens from a disk, without a network.',
  notes: 'MANIFEST is what keepset shrink --manifest FILE wrote.',
  topic: 'See what was kept, and why',
  examples: [
    { does: 'A page to look at in a browser', line: 'report -o report.html m.json' },
    { does: 'With the name of the image', line: 'report -o web.html web.json' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'MANIFEST', noun: 'manifest' }],
  groups: [
    optionGroup('Options', {
      output: {
        type: 'text',
        alias: 'o',
        value: 'FILE',
        required: 'page',
        description: 'Write the page to this file',
      },
    }),
  ],
});
