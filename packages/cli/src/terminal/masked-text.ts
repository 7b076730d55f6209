import type { MaskedInRun, NotComparedInRun } from '@keepset/manifest';
import { printPath } from '@keepset/strace-parser';

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
  bytes: 'some bytes',
  content: '',
};

function printWhere(where: MaskedInRun['where']): string {
  if (typeof where === 'string') return MASKED_NAMES[where];
  return 'path' in where ? printPath(where.path) : `${MASKED_NAMES[where.aspect]} of ${where.step}`;
}

/** What varies by itself, and in what: `standard output (numbers and names)`. */
export function maskedText({ where, variation }: Pick<MaskedInRun, 'where' | 'variation'>): string {
  const name = printWhere(where);
  return VARIATIONS[variation] === '' || where === 'file-names' ? name : `${name} (${VARIATIONS[variation]})`;
}

const REASONS: Readonly<Record<NotComparedInRun['reason'], string>> = {
  'varies-throughout': 'its bytes are others each time',
  'varies-elsewhere': 'it changes in another place each time',
  'varies-seldom': 'numbers in it are others in some runs only',
  'size-varies': 'only its size, beginning and end',
  'no-form': 'nothing of it stays',
  'names-vary': 'names and contents vary',
};

/** What was not compared, and why: `/out.enc (its bytes are others each time)`. */
export function notComparedText({ where, reason }: Pick<NotComparedInRun, 'where' | 'reason'>): string {
  return `${printWhere(where)} (${REASONS[reason]})`;
}
