import { Char } from './char.js';
import {
  findResult,
  opensAnnotation,
  skipAnnotation,
  skipArgument,
  skipComment,
  skipString,
  UNFINISHED,
} from './scan.js';

/**
 * The text of one call, cut into arguments and result without copying. One object serves all calls in turn:
 * most calls need few of their parts, and nothing is allocated for the others. The two halves of a call may
 * lie in two texts.
 */
export class CallText {
  count = 0;
  /** The text that holds the result, and where the value after `= ` begins and ends. */
  text = '';
  result = 0;
  end = 0;
  /** What the last successful `find…` has found. */
  found = '';
  foundStart = 0;
  foundEnd = 0;
  /** Arguments before this one lie in `head`, the others in `tail`. */
  private split = 0;
  private head = '';
  private tail = '';
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /**
   * A call that is on one line.
   *
   * @param start  after the opening parenthesis
   * @returns      false when the text breaks off before the result
   */
  scan(text: string, start: number, end: number): boolean {
    this.count = 0;
    this.split = 0;
    return this.scanRest(text, start, end);
  }

  /**
   * A call whose second half goes on at `tailStart`.
   *
   * @param start  in `head`, after the opening parenthesis
   * @param stop   in `head`, after the last character of the call
   */
  scanHalves(
    head: string,
    start: number,
    stop: number,
    tail: string,
    tailStart: number,
    end: number,
  ): boolean {
    this.count = 0;
    this.head = head;
    let at = start;
    while (at < stop) {
      const code = head.charCodeAt(at);
      if (code === Char.Space) at++;
      else {
        const next = skipArgument(head, at, stop);
        // The last argument of the half goes on in the other half, or is followed there by its comma.
        if (next < 0) return this.scanAcross(head, at, stop, tail, tailStart, end, next === UNFINISHED);
        if (head.charCodeAt(next) !== Char.Comma) return false;
        this.add(at, next);
        at = next + 1;
      }
    }
    this.split = this.count;
    return this.scanRest(tail, tailStart, end);
  }

  /** Let go of the texts of the last calls. */
  release(): void {
    this.head = '';
    this.tail = '';
    this.text = '';
    this.found = '';
  }

  private scanAcross(
    head: string,
    at: number,
    stop: number,
    tail: string,
    tailStart: number,
    end: number,
    over: boolean,
  ): boolean {
    const code = tail.charCodeAt(tailStart);
    if (!over || (code !== Char.Comma && code !== Char.CloseRound)) {
      const text = head.slice(at, stop) + tail.slice(tailStart, end);
      this.split = this.count;
      return this.scanRest(text, 0, text.length);
    }
    this.add(at, stop);
    this.split = this.count;
    return code === Char.Comma
      ? this.scanRest(tail, tailStart + 1, end)
      : this.scanResult(tail, tailStart + 1, end);
  }

  private scanRest(text: string, start: number, end: number): boolean {
    this.tail = text;
    let at = start;
    while (text.charCodeAt(at) === Char.Space) at++;
    if (text.charCodeAt(at) === Char.CloseRound) return this.scanResult(text, at + 1, end);
    for (;;) {
      const stop = skipArgument(text, at, end);
      if (stop < 0) return false;
      this.add(at, stop);
      const code = text.charCodeAt(stop);
      at = stop + 1;
      if (code === Char.CloseRound) return this.scanResult(text, at, end);
      if (code !== Char.Comma) return false;
      while (text.charCodeAt(at) === Char.Space) at++;
    }
  }

  private scanResult(text: string, start: number, end: number): boolean {
    const result = findResult(text, start, end);
    if (result < 0) return false;
    this.text = text;
    this.result = result;
    this.end = end;
    return true;
  }

  private textOf(index: number): string {
    return index < this.split ? this.head : this.tail;
  }

  private add(start: number, end: number): void {
    const { count } = this;
    this.starts[count] = start;
    this.ends[count] = end;
    this.count = count + 1;
  }

  /** All arguments, as printed. */
  all(): string {
    let text = '';
    for (let i = 0; i < this.count; i++) text += `${this.slice(i, this.starts[i] as number)}, `;
    return text;
  }

  /** An argument as printed, without its name (-N); '' if there is none. */
  argument(index: number): string {
    return index < this.count ? this.slice(index, this.valueStart(index)) : '';
  }

  /**
   * Find the string in an argument: then `found`, `foundStart` and `foundEnd` are what is between its quotes,
   * still escaped.
   *
   * @returns  false if the argument is not a string (NULL, a pointer)
   */
  findQuoted(index: number): boolean {
    if (index >= this.count) return false;
    const text = this.textOf(index);
    const start = this.valueStart(index);
    if (text.charCodeAt(start) !== Char.Quote) return false;
    const end = this.ends[index] as number;
    // The closing quote is the last character, unless the string was cut or a context follows.
    const after = text.charCodeAt(end - 1) === Char.Quote ? end : skipString(text, start, end);
    return this.setFound(text, start + 1, after - 1);
  }

  /** Find what `<…>` right after a descriptor holds, likewise. */
  findAnnotation(index: number): boolean {
    if (index >= this.count) return false;
    return this.findAfter(this.textOf(index), this.valueStart(index), this.ends[index] as number);
  }

  findResultAnnotation(): boolean {
    return this.findAfter(this.text, this.result, this.end);
  }

  /** Find the annotation after the number or name (and its comment) at `start`, without its brackets. */
  findAfter(text: string, start: number, end: number): boolean {
    let at = start;
    let code = text.charCodeAt(at);
    while (isValueCharacter(code)) code = text.charCodeAt(++at);
    if (code === Char.Space && text.charCodeAt(at + 1) === Char.Slash) {
      at = skipComment(text, at + 1, end);
      if (at < 0) return false;
    }
    if (at >= end || text.charCodeAt(at) !== Char.Less || !opensAnnotation(text, at)) return false;
    const after = skipAnnotation(text, at, end);
    return after >= 0 && this.setFound(text, at + 1, after - 1);
  }

  /** Find the string in a field of a structure: `name="…"`. */
  findField(index: number, name: string): boolean {
    const text = this.argument(index);
    const at = new RegExp(`\\b${name}="`).exec(text);
    if (at === null) return false;
    const start = at.index + at[0].length;
    const after = skipString(text, start - 1, text.length);
    return after >= 0 && this.setFound(text, start, after - 1);
  }

  private setFound(text: string, start: number, end: number): true {
    this.found = text;
    this.foundStart = start;
    this.foundEnd = end;
    return true;
  }

  /** What was found last, as printed. */
  foundText(): string {
    return this.found.slice(this.foundStart, this.foundEnd);
  }

  /** The first character of an argument's value; NaN if there is no such argument. */
  first(index: number): number {
    return index < this.count ? this.textOf(index).charCodeAt(this.valueStart(index)) : Number.NaN;
  }

  /** Whether an argument's value begins so. */
  startsWith(index: number, prefix: string): boolean {
    return index < this.count && this.textOf(index).startsWith(prefix, this.valueStart(index));
  }

  /** Whether it is absent, or just `0`: no flags. */
  isZero(index: number): boolean {
    if (index >= this.count) return true;
    const start = this.valueStart(index);
    return this.ends[index] === start + 1 && this.textOf(index).charCodeAt(start) === Char.Zero;
  }

  /** Whether the value's annotation is exactly this text; `length` is that of the value before it. */
  isAnnotated(index: number, length: number, raw: string): boolean {
    const text = this.textOf(index);
    const open = this.valueStart(index) + length;
    const close = open + 1 + raw.length;
    return (
      text.charCodeAt(close) === Char.Greater &&
      text.charCodeAt(open) === Char.Less &&
      close + 1 === this.ends[index] &&
      text.slice(open + 1, close) === raw
    );
  }

  /** The decimal number that an argument begins with; NaN if there is none. */
  number(index: number): number {
    return index < this.count ? numberAt(this.textOf(index), this.valueStart(index)) : Number.NaN;
  }

  /** The decimal number that was returned. */
  resultNumber(): number {
    return numberAt(this.text, this.result);
  }

  private slice(index: number, start: number): string {
    return this.textOf(index).slice(start, this.ends[index]);
  }

  private valueStart(index: number): number {
    const start = this.starts[index] as number;
    const text = this.textOf(index);
    const code = text.charCodeAt(start);
    if (code < Char.LowerA || code > Char.LowerZ) return start;
    const named = /^[a-z_][a-z0-9_]*=/.exec(text.slice(start, start + 40));
    return named === null ? start : start + named[0].length;
  }
}

/** A decimal number at this place; NaN if there is none. */
export function numberAt(text: string, start: number): number {
  let at = start;
  const negative = text.charCodeAt(at) === Char.Minus;
  if (negative) at++;
  let code = text.charCodeAt(at);
  if (!(code >= Char.Zero && code <= Char.Nine)) return Number.NaN;
  let value = 0;
  while (code >= Char.Zero && code <= Char.Nine) {
    value = value * 10 + code - Char.Zero;
    code = text.charCodeAt(++at);
  }
  return negative ? -value : value;
}

function isValueCharacter(code: number): boolean {
  return (code >= Char.Zero && code <= Char.Nine) || (code >= 65 && code <= 90) || code === 95 || code === 45;
}
