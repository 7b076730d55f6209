import { Char } from '../text/char.js';
import {
  findResult,
  opensAnnotation,
  skipAnnotation,
  skipArgument,
  skipComment,
  skipString,
} from '../text/skip-text.js';

/**
 * The text of one call, cut into arguments and result without copying. One object serves all calls in turn:
 * most calls need few of their parts, and nothing is allocated for the others.
 */
export class CallText {
  count = 0;
  text = '';
  /** Where the value after `= ` begins and ends. */
  result = 0;
  end = 0;
  /** What the last successful `find…` has found. */
  found = '';
  foundStart = 0;
  foundEnd = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /**
   * @param start  after the opening parenthesis
   * @returns      false when the text breaks off before the result
   */
  scan(text: string, start: number, end: number): boolean {
    this.count = 0;
    this.text = text;
    this.end = end;
    let at = start;
    for (;;) {
      while (text.charCodeAt(at) === Char.Space) at++;
      if (this.count > 0 || text.charCodeAt(at) !== Char.CloseRound) {
        const stop = skipArgument(text, at, end);
        if (stop < 0) return false;
        this.#add(at, stop);
        at = stop;
      }
      const code = text.charCodeAt(at++);
      if (code === Char.CloseRound) {
        this.result = findResult(text, at, end);
        return this.result >= 0;
      }
      if (code !== Char.Comma) return false;
    }
  }

  #add(start: number, end: number): void {
    const { count } = this;
    this.#starts[count] = start;
    this.#ends[count] = end;
    this.count = count + 1;
  }

  /** All arguments, as printed. */
  all(): string {
    let text = '';
    for (let i = 0; i < this.count; i++) text += `${this.#slice(i, this.#starts[i] as number)}, `;
    return text;
  }

  /** An argument as printed, without its name (-N); '' if there is none. */
  argument(index: number): string {
    return index < this.count ? this.#slice(index, this.#valueStart(index)) : '';
  }

  /**
   * Find the string in an argument: then `found`, `foundStart` and `foundEnd` are what is between its quotes,
   * still escaped.
   *
   * @returns  false if the argument is not a string (NULL, a pointer)
   */
  findQuoted(index: number): boolean {
    if (index >= this.count) return false;
    const text = this.text;
    const start = this.#valueStart(index);
    if (text.charCodeAt(start) !== Char.Quote) return false;
    const end = this.#ends[index] as number;
    // The closing quote is the last character, unless the string was cut or a context follows.
    const after = text.charCodeAt(end - 1) === Char.Quote ? end : skipString(text, start, end);
    return this.#setFound(text, start + 1, after - 1);
  }

  /** Find what `<…>` right after a descriptor holds, likewise. */
  findAnnotation(index: number): boolean {
    if (index >= this.count) return false;
    return this.findAfter(this.text, this.#valueStart(index), this.#ends[index] as number);
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
    return after >= 0 && this.#setFound(text, at + 1, after - 1);
  }

  /** Find the string in a field of a structure: `name="…"`. */
  findField(index: number, name: string): boolean {
    const text = this.argument(index);
    const at = new RegExp(`\\b${name}="`).exec(text);
    if (at === null) return false;
    const start = at.index + at[0].length;
    const after = skipString(text, start - 1, text.length);
    return after >= 0 && this.#setFound(text, start, after - 1);
  }

  #setFound(text: string, start: number, end: number): true {
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
    return index < this.count ? this.text.charCodeAt(this.#valueStart(index)) : Number.NaN;
  }

  /** Whether an argument's value begins so. */
  startsWith(index: number, prefix: string): boolean {
    return index < this.count && this.text.startsWith(prefix, this.#valueStart(index));
  }

  /** Whether it is absent, or just `0`: no flags. */
  isZero(index: number): boolean {
    if (index >= this.count) return true;
    const start = this.#valueStart(index);
    return this.#ends[index] === start + 1 && this.text.charCodeAt(start) === Char.Zero;
  }

  /** The decimal number that an argument begins with; NaN if there is none. */
  number(index: number): number {
    return index < this.count ? numberAt(this.text, this.#valueStart(index)) : Number.NaN;
  }

  /** The decimal number that was returned. */
  resultNumber(): number {
    return numberAt(this.text, this.result);
  }

  #slice(index: number, start: number): string {
    return this.text.slice(start, this.#ends[index]);
  }

  #valueStart(index: number): number {
    const start = this.#starts[index] as number;
    const text = this.text;
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
