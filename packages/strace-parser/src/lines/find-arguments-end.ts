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

/** Of a call of old Android's strace, which opens a brace that it does not close: what looks like its end. */
const UNBALANCED = /^(?:[^"\n]|"(?:[^"\\\n]|\\.)*")*?(\)) += (?:-?\d|0x|\?)[^"]*$/;

/**
 * Index of the parenthesis that closes a call's arguments, where brackets in them are not balanced.
 *
 * @returns  -1 where the call may go on elsewhere
 */
export function findUnbalancedEnd(text: string, start: number): number {
  if (!/\{[^{}]*,\s*,/.test(text.slice(start, start + 200))) return -1;
  const end = text.lastIndexOf(')', text.lastIndexOf(' = '));
  return end >= start && UNBALANCED.test(text.slice(start)) ? end : -1;
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
