import { Char } from './char.js';

/**
 * The seconds of ` <0.000012>`, with which a text ends under -T; undefined if it does not.
 *
 * @param end  of the text
 */
export function durationAtEnd(text: string, end: number): number | undefined {
  if (text.charCodeAt(end - 1) !== Char.Greater) return undefined;
  let at = end - 1;
  for (;;) {
    const code = text.charCodeAt(at - 1);
    if (code !== Char.Dot && !(code >= Char.Zero && code <= Char.Nine)) break;
    at--;
  }
  const opens = text.charCodeAt(at - 1) === Char.Less && text.charCodeAt(at - 2) === Char.Space;
  return opens && at < end - 1 ? Number(text.slice(at, end - 1)) : undefined;
}
