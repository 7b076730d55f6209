import { Char } from './char.js';
import { skipArgument } from './scan.js';

/**
 * Index of the parenthesis that closes a call's arguments.
 *
 * @param start  after the opening parenthesis
 * @returns      -1 when the text breaks off inside them, or no result follows
 */
export function findArgumentsEnd(text: string, start: number, end: number): number {
  let at = start;
  for (;;) {
    const stop = skipArgument(text, at, end);
    if (stop < 0) return -1;
    const code = text.charCodeAt(stop);
    if (code === Char.CloseRound) return hasResult(text, stop + 1, end) ? stop : -1;
    if (code !== Char.Comma) return -1;
    at = stop + 1;
  }
}

function hasResult(text: string, start: number, end: number): boolean {
  let at = start;
  while (text.charCodeAt(at) === Char.Space) at++;
  return at + 2 < end && text.charCodeAt(at) === Char.Equals && text.charCodeAt(at + 1) === Char.Space;
}
