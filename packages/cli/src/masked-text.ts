import { type MaskedInRun, printPath } from '@keepset/shrinker';

const MASKED_NAMES = {
  stdout: 'standard output',
  stderr: 'standard error',
  'exit-status': 'the exit status',
  'file-names': 'names of files',
} as const;

const VARIATIONS: Readonly<Record<MaskedInRun['variation'], string>> = {
  none: '',
  order: 'the order of lines',
  words: 'numbers and names',
  'order-and-words': 'the order of lines, numbers and names',
  lines: 'which lines there are',
  content: '',
};

/** What varies by itself, and in what: `standard output (numbers and names)`. */
export function maskedText({ where, variation }: Pick<MaskedInRun, 'where' | 'variation'>): string {
  const name = typeof where === 'string' ? MASKED_NAMES[where] : printPath(where.path);
  return VARIATIONS[variation] === '' || where === 'file-names' ? name : `${name} (${VARIATIONS[variation]})`;
}
