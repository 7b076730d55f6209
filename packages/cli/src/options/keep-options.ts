import { CALLER_NAMES } from './callers.js';
import { optionGroup } from './option.js';

/** What is kept besides what the runs use. */
export const KEEP_OPTIONS = optionGroup('What to keep', {
  keep: {
    type: 'text',
    value: 'PATTERN',
    repeatable: true,
    description:
      'Keep what this pattern matches as well: `/usr/share/zoneinfo` (a directory with all below it), `/srv/**/*.css`, `*.md`; a program with its interpreter and libraries',
  },
  for: {
    type: 'choice',
    choices: CALLER_NAMES,
    repeatable: true,
    description: 'Keep the programs that this one starts in an image: see docs/callers.md',
  },
  drop: {
    type: 'text',
    value: 'PATTERN',
    repeatable: true,
    description: 'Drop what this pattern matches; an error where a run opens it',
  },
  'keep-file': {
    type: 'text',
    value: 'FILE',
    repeatable: true,
    description: 'Read patterns to keep from this file, one a line',
  },
  'drop-file': {
    type: 'text',
    value: 'FILE',
    repeatable: true,
    description: 'Read patterns to drop from this file, one a line',
  },
  'keep-package': {
    type: 'text',
    value: 'NAME',
    repeatable: true,
    description: 'Keep the whole of this package; `deb:NAME` in one ecosystem only',
  },
  'round-up': {
    type: 'choice',
    choices: ['file', 'dir', 'package'],
    defaultText: '`file`',
    description:
      'With a used file, keep only it (`file`), all files beside it (`dir`), or the whole of its packages (`package`)',
  },
  listed: {
    type: 'choice',
    choices: ['drop', 'stub', 'keep'],
    defaultText: '`drop`',
    description:
      'The other entries of a directory that a run listed: drop them, keep them as empty files (`stub`), or keep them',
  },
  secrets: {
    type: 'choice',
    choices: ['keep', 'drop', 'fail'],
    defaultText: '`keep`',
    description: 'Used files that look like keys or passwords: keep them and warn, drop them, or fail',
  },
});
