import type { Options } from 'yargs';

const KEEP_GROUP = 'What to keep:';
const list = (description: string): Options => ({
  type: 'string',
  array: true,
  nargs: 1,
  group: KEEP_GROUP,
  description,
});
const choice = (choices: readonly string[], description: string): Options => ({
  type: 'string',
  choices,
  nargs: 1,
  group: KEEP_GROUP,
  description,
});

/** The user's own rules. @see the README, "What to keep" */
export const KEEP_OPTION_DEFINITIONS = {
  keep: list(
    'Keep what this pattern names, too (/usr/share/zoneinfo, /srv/**/*.css); FILE.txt: as --keep-list',
  ),
  drop: list('Drop what this pattern names, unless the command opens it'),
  'keep-file': list('Read patterns to keep from this file, one a line'),
  'drop-file': list('Read patterns to drop from this file, one a line'),
  'keep-package': list('Keep the whole of this package (ggplot2; deb:libc6: only the Debian package), too'),
  'round-up': choice(
    ['file', 'dir', 'package'],
    'With a used file keep only it (file, the default), all files beside it (dir), or its packages (package)',
  ),
  listed: choice(
    ['drop', 'stub', 'keep'],
    'Other entries of a listed directory: drop (the default), stub (keep as empty files), keep',
  ),
  secrets: choice(
    ['keep', 'drop', 'fail'],
    'Used files that look like keys or passwords: keep and warn (the default), drop, fail',
  ),
} as const satisfies Record<string, Options>;
