import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const WHY = defineCommand({
  name: 'why',
  summary: 'print why a path was kept, or that it was removed',
  usage: ['why [OPTIONS] MANIFEST PATH'],
  description: 'Print why PATH of the source was kept, or that it was removed.',
  notes:
    'MANIFEST is what keepset shrink --manifest FILE wrote. PATH is absolute; bytes that are no text are written as in the keep list (\\377).',
  topic: 'See what was kept, and why',
  examples: [
    { does: 'Why is there a shell?', line: 'why m.json /bin/sh' },
    { does: 'Where did Perl go?', line: 'why m.json /usr/bin/perl' },
  ],
  placing: 'anywhere',
  operands: [
    { name: 'MANIFEST', noun: 'manifest' },
    { name: 'PATH', noun: 'path' },
  ],
  groups: [
    optionGroup('Options', {
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
  ],
});
