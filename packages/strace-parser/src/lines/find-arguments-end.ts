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

/**
 * Index of the parenthesis that closes the arguments of a call of old Android's strace, which opens a brace that it does
 * not close: `{SIG_DFL, , {0x4017, [], SA_RESTART}, 0) = 0`.
 *
 * @returns  -1 of other calls
 */
export function findUnbalancedEnd(text: string, start: number): number {
  const end = text.lastIndexOf(')', text.lastIndexOf(' = '));
  const hasGap = /\{\w*, , \{/.test(text.slice(start, start + 80));
  return hasGap && end >= start && findResult(text, end + 1, text.length) >= 0 ? end : -1;
}

/**
 * Those arguments of a call that are whole, where the log ends in it. Of flags in the last one, those that are whole.
 */
export function wholeArguments(text: string): string {
  let at = 0;
  for (;;) {
    const stop = skipArgument(text, at, text.length);
    if (stop < 0) break;
    if (text.charCodeAt(stop) !== Char.Comma) return text.slice(0, stop);
    at = stop + 1;
  }
  const last = text.slice(at);
  const whole = /^ *(?:".*"|[A-Z][A-Z0-9_|]*(?=\|[A-Z0-9_]*$))/s.exec(last)?.[0] ?? '';
  return text.slice(0, at) + whole;
}
