import { defineCommand } from '../options/command-definition.js';
import { optionGroup } from '../options/option.js';

export const WHY = defineCommand({
  name: 'why',
  summary: 'print why a path was kept, or that it was removed; or why a right is granted',
  usage: ['why [OPTIONS] MANIFEST PATH', 'why --syscall NAME MANIFEST', 'why --capability NAME MANIFEST'],
  description:
    'Print why PATH of the source was kept, or that it was removed; or why a system call or a capability is allowed.',
  notes:
    'MANIFEST is what keepset shrink --manifest FILE wrote; for rights it may also be the folder of --harden. PATH is absolute; bytes that are no text are written as in the keep list (\\377).',
  topic: 'See what was kept, and why',
  examples: [
    { does: 'Why is there a shell?', line: 'why m.json /bin/sh' },
    { does: 'Where did Perl go?', line: 'why m.json /usr/bin/perl' },
    { does: 'Why may it mount?', line: 'why --syscall mount rights' },
  ],
  placing: 'anywhere',
  operands: [
    { name: 'MANIFEST', noun: 'manifest' },
    { name: 'PATH', noun: 'path', optional: true },
  ],
  groups: [
    optionGroup('Options', {
      syscall: { type: 'text', value: 'NAME', description: 'A system call: `openat`' },
      capability: { type: 'text', value: 'NAME', description: 'A capability, with or without `CAP_`' },
      json: { type: 'flag', description: 'Print one JSON object' },
    }),
  ],
});
