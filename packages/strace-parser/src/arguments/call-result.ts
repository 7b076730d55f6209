import { skipArgument } from '../text/skip-text.js';
import type { Argument } from './argument-tree.js';
import { parseValue } from './parse-arguments.js';
import { printArgument } from './print-arguments.js';

/** What a call returned, from after `= `. */
export interface CallResult {
  /** The value as printed: a number with its annotation (`3</etc/passwd>`); undefined for `?`. */
  readonly value: Argument | undefined;
  /** `ENOENT`, `ERESTARTSYS`, …: the call failed, or was interrupted. */
  readonly errno?: string;
  /**
   * What follows in parentheses, one text each: the words for the errno, decoded flags (`flags O_RDWR`),
   * `Timeout`, `INJECTED`, `DELAYED`, `left {tv_sec=1, …}`.
   */
  readonly notes: readonly string[];
  /** -T: seconds spent in the call, as printed. */
  readonly duration?: string;
  /** What fits none of these, with the blank before it. */
  readonly rest?: string;
}

/**
 * The result of a call as a value.
 * @example parseResult('-1 ENOENT (No such file or directory) <0.000012>').errno // 'ENOENT'
 */
export function parseResult(text: string): CallResult {
  return parseResultAt(text, 0);
}

/** The same, of what stands from `start` to the end of a text. */
export function parseResultAt(text: string, start: number): CallResult {
  const result: { -readonly [K in keyof CallResult]: CallResult[K] } = { value: undefined, notes: NONE };
  let at = start + 1;
  if (text.charAt(start) !== '?') {
    const { value, end } = parseValue(text, start);
    result.value = value;
    at = end;
  }
  if (at === text.length) return result;
  const errno = /^ ([A-Z][A-Z0-9_]*)(?= |$)/.exec(text.slice(at, at + 48))?.[1];
  if (errno !== undefined) {
    result.errno = errno;
    at += errno.length + 1;
  }
  const notes: string[] = [];
  while (text.startsWith(' (', at)) {
    const close = closingRound(text, at + 1);
    if (close < 0) break;
    notes.push(text.slice(at + 2, close));
    at = close + 1;
  }
  result.notes = notes;
  const duration = /^ <(\d+(?:\.\d+)?)>$/.exec(text.slice(at, at + 40))?.[1];
  if (duration !== undefined) result.duration = duration;
  else if (at < text.length) result.rest = text.slice(at);
  return result;
}

const NONE: readonly string[] = [];

/** The inverse of {@link parseResult}. */
export function printResult(result: CallResult): string {
  let text = result.value === undefined ? '?' : printArgument(result.value);
  if (result.errno !== undefined) text += ` ${result.errno}`;
  for (const note of result.notes) text += ` (${note})`;
  if (result.duration !== undefined) text += ` <${result.duration}>`;
  return text + (result.rest ?? '');
}

/** Index of the parenthesis that closes the one at `open`, or -1. */
function closingRound(text: string, open: number): number {
  let at = open + 1;
  for (;;) {
    const stop = skipArgument(text, at, text.length);
    if (stop < 0) return -1;
    if (text.charAt(stop) === ')') return stop;
    if (text.charAt(stop) !== ',') return -1;
    at = stop + 1;
  }
}
