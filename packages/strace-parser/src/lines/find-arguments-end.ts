import { Char } from '../text/char.js';
import { findResult, skipArgument } from '../text/skip-text.js';

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
    if (code === Char.CloseRound) return findResult(text, stop + 1, end) < 0 ? -1 : stop;
    if (code !== Char.Comma) return -1;
    at = stop + 1;
  }
}
