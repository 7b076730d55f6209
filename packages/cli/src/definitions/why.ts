import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const WHY = defineCommand({
  name: 'why',
  summary: 'print why a path was kept, or that it was removed',
  usage: ['why --manifest FILE PATH'],
  description: 'Print why PATH of the source was kept, or that it was removed.',
  notes: 'PATH is absolute; bytes that are no text are written as in the keep list (\\377).',
  topic: 'See what was kept, and why',
  examples: [
    { does: 'Why is there a shell?', line: 'why --manifest m.json /bin/sh' },
    { does: 'Where did Perl go?', line: 'why --manifest m.json /usr/bin/perl' },
  ],
  placing: 'anywhere',
  operands: [{ name: 'PATH', noun: 'path' }],
  groups: [
    optionGroup('Options', {
      manifest: {
        type: 'text',
        value: 'FILE',
        required: 'manifest',
        description: 'The manifest that `keepset shrink --manifest FILE` wrote',
      },
    }),
  ],
});
