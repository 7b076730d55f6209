import type { ShrinkEvent } from '@keepset/shrinker';
import { plainLine } from './plain-text.js';

type Note = Extract<ShrinkEvent, { readonly kind: 'note' }>;

/** What the command line adds to a note, by its code: the options that are meant. */
const OPTIONS: Readonly<Partial<Record<Note['code'], string>>> = {
  COMMAND_IDLE: '--ready seconds=N or log=REGEX, --exec, --probe',
  VARIABLES_MISSING: '-e NAME=VALUE',
};

/** A note as it is printed: one line without its end. */
export function describeNote({ code, message }: Pick<Note, 'code' | 'message'>): string {
  const options = OPTIONS[code];
  return plainLine(options === undefined ? message : `${message} (${options})`);
}
