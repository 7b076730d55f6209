import type { CallSpec } from './call-table.js';
import { Char } from './char.js';
import { findResult } from './scan.js';

/**
 * The shortcut for what nearly all lines of a log are: open, stat or access of a name without escapes, in the
 * usual spelling. It hops from one delimiter to the next and cuts nothing out. Anything unusual makes `read`
 * give up, and `CallText` reads the call properly; both must find the same.
 */
export class PlainCall {
  /** The name is `head.slice(nameStart, nameEnd)`. */
  nameStart = 0;
  nameEnd = 0;
  /** What `<…>` after the directory descriptor holds is `head.slice(noteStart, noteEnd)`; none if noteEnd is 0. */
  noteStart = 0;
  noteEnd = 0;
  /** The directory is AT_FDCWD. */
  atCwd = false;
  /** The flags are `flagsText.slice(flagsStart, flagsEnd)`. */
  flagsInHead = false;
  flagsStart = 0;
  flagsEnd = 0;
  /** Where the value after `= ` begins, in the text of the second half. */
  result = 0;

  /**
   * Both halves of a call; for a call on one line they are the same text, and `tailStart` is -1.
   *
   * @param start  in `head`, after the opening parenthesis
   * @param stop   in `head`, after the last character of the call's first half
   */
  read(
    spec: CallSpec,
    head: string,
    start: number,
    stop: number,
    tail: string,
    tailStart: number,
    end: number,
  ): boolean {
    let at = start;
    this.noteEnd = 0;
    this.atCwd = true;
    if (spec.at) {
      at = this.directory(head, start, stop);
      if (at < 0) return false;
    }
    if (head.charCodeAt(at) !== Char.Quote) return false;
    const quote = head.indexOf('"', at + 1);
    if (quote < 0 || quote >= stop || head.charCodeAt(quote - 1) === Char.Backslash) return false;
    // -xx: whether the name is absolute is not to be seen.
    if (head.charCodeAt(at + 1) === Char.Backslash) return false;
    this.nameStart = at + 1;
    this.nameEnd = quote;
    return tailStart < 0
      ? this.rest(spec, head, quote + 1, end)
      : this.restOfHalves(spec, head, quote + 1, stop, tail, tailStart, end);
  }

  /** `AT_FDCWD</cwd>, ` or `3</path>, `: where the name begins, or -1. */
  private directory(head: string, start: number, stop: number): number {
    let at = start;
    let code = head.charCodeAt(at);
    if (code === UPPER_A) {
      at += 8;
      code = head.charCodeAt(at);
    } else {
      this.atCwd = false;
      while (code >= Char.Zero && code <= Char.Nine) code = head.charCodeAt(++at);
      if (code !== Char.Less || at === start) return -1;
    }
    if (code === Char.Less) {
      if (head.charCodeAt(at + 1) !== Char.Slash) return -1;
      const close = head.indexOf('>', at);
      if (close < 0 || close >= stop) return -1;
      this.noteStart = at + 1;
      this.noteEnd = close;
      at = close + 1;
      code = head.charCodeAt(at);
    }
    return code === Char.Comma && head.charCodeAt(at + 1) === Char.Space ? at + 2 : -1;
  }

  private restOfHalves(
    spec: CallSpec,
    head: string,
    from: number,
    stop: number,
    tail: string,
    tailStart: number,
    end: number,
  ): boolean {
    if (spec.rest !== 'status' && spec.rest !== 'status flags') {
      // All their arguments are known when they begin.
      if (head.charCodeAt(from) !== Char.Comma || tail.charCodeAt(tailStart) !== Char.CloseRound)
        return false;
      this.flagsInHead = true;
      this.flagsStart = from + 2;
      this.flagsEnd = stop;
      return this.equals(tail, tailStart + 1, end);
    }
    // The first half ends after the name, with or without its comma.
    if (from === stop) return this.rest(spec, tail, tailStart, end);
    if (from + 2 !== stop || head.charCodeAt(from) !== Char.Comma) return false;
    return this.status(spec, tail, tailStart, end);
  }

  /** `, …) = …` after the name. */
  private rest(spec: CallSpec, text: string, from: number, end: number): boolean {
    if (text.charCodeAt(from) !== Char.Comma || spec.rest === 'program') return false;
    if (spec.rest !== 'mode' && spec.rest !== 'words') return this.status(spec, text, from + 2, end);
    const close = text.indexOf(')', from);
    if (close < 0 || close >= end) return false;
    this.flagsInHead = true;
    this.flagsStart = from + 2;
    this.flagsEnd = close;
    return this.equals(text, close + 1, end);
  }

  /** `{st_mode=…, …}) = …` or `0x7f…, 0) = …`. */
  private status(spec: CallSpec, text: string, from: number, end: number): boolean {
    let at: number;
    const code = text.charCodeAt(from);
    if (code === Char.OpenCurly) {
      // Numbers and names of bits, whatever the file: no bracket is in there.
      at = text.startsWith('st_', from + 1) ? text.indexOf('}', from) + 1 : 0;
      if (at === 0 || at >= end) return false;
    } else if (code === Char.Zero) {
      const comma = text.indexOf(spec.rest === 'status' ? ')' : ',', from);
      if (comma < 0 || !POINTER.test(text.slice(from, comma))) return false;
      at = comma;
    } else return false;
    if (spec.rest === 'status') {
      return text.charCodeAt(at) === Char.CloseRound && this.equals(text, at + 1, end);
    }
    if (text.charCodeAt(at) !== Char.Comma) return false;
    const close = text.indexOf(')', at);
    if (close < 0 || close >= end) return false;
    this.flagsInHead = false;
    this.flagsStart = at + 2;
    this.flagsEnd = close;
    return this.equals(text, close + 1, end);
  }

  private equals(text: string, from: number, end: number): boolean {
    this.result = findResult(text, from, end);
    return this.result >= 0;
  }
}

const UPPER_A = 65;
const POINTER = /^0x[0-9a-f]+$/;
