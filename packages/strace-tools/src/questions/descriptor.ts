import type { FileModel, SyscallEvent } from '@keepset/strace-parser';
import { annotatedPath } from './event-filter.js';

/** The descriptor that a call's argument is. */
export interface Descriptor {
  readonly number: number;
  /** What strace shows of it (-y), as printed: `/etc/motd`, `pipe:[7]`. */
  readonly note: string | undefined;
  /** The file that it is: a byte string; undefined if it is none, or nobody says which. */
  readonly path: string | undefined;
}

/** `3</etc/motd>`, `3<socket:[7]>`, `3`, also with a name before it (-N). */
const DESCRIPTOR = /^ *(?:\w+=)?(\d+)(?:<((?:[^<>]|<[^<>]*>|->)*)>)?(?:\(deleted\))?(?=[,) ]|$)/;
/** Longer ones are read as a tree. */
const LONGEST = 4400;

/**
 * The descriptor in a call's first argument, or in another one.
 *
 * @param index  of the argument, from 0
 */
export function descriptorOf(event: SyscallEvent, model: FileModel, index = 0): Descriptor | undefined {
  const start = index === 0 ? 0 : startOf(event.argumentsText, index);
  if (start < 0) return undefined;
  const begin = event.name.length + 1 + start;
  const code = event.text.charCodeAt(begin);
  // Nearly all calls without one: a look at a character is much less than the expression.
  if (index === 0 && !(code >= 48 && code <= 57) && code !== 102) return undefined;
  const found = DESCRIPTOR.exec(event.text.slice(begin, begin + LONGEST));
  if (found === null) return undefined;
  const number = Number(found[1]);
  const note = found[2];
  const path = note === undefined ? model.pathOf(event.pid, number) : annotatedPath(note);
  return { number, note, path };
}

/** Where an argument begins. Those before it are numbers and flags: of calls with strings this is not asked. */
function startOf(text: string, index: number): number {
  let at = 0;
  for (let i = 0; i < index; i++) {
    const comma = text.indexOf(', ', at);
    if (comma < 0) return -1;
    at = comma + 2;
  }
  return at;
}
