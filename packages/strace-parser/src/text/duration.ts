import { Char } from './char.js';

/**
 * Where the seconds of ` <0.000012>` begin, with which a text ends under -T; -1 if it does not.
 *
 * @param end  of the text
 */
export function durationStart(text: string, end: number): number {
  if (text.charCodeAt(end - 1) !== Char.Greater) return -1;
  let at = end - 1;
  for (;;) {
    const code = text.charCodeAt(at - 1);
    if (code !== Char.Dot && !(code >= Char.Zero && code <= Char.Nine)) break;
    at--;
  }
  const opens = text.charCodeAt(at - 1) === Char.Less && text.charCodeAt(at - 2) === Char.Space;
  return opens && at < end - 1 ? at : -1;
}
