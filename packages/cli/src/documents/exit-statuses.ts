/** What the exit status of keepset says. */
export const EXIT_STATUSES: readonly (readonly [status: string, means: string])[] = [
  ['0', 'done: the result behaves like the source, and has its name'],
  ['1', 'it could not be done, and nothing is left behind; or a command that examines has found something'],
  ['2', 'the command line cannot be understood'],
  [
    '3',
    'no image: the result differs from the source, fails a `--check`, or may lack too much (`--strict`); of `replay`: a run does otherwise; of `record --prove`: a container differs or is missing',
  ],
  ['130, 143', 'interrupted by SIGINT or SIGTERM; everything was cleaned up'],
];
