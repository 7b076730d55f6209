import { Char } from './char.js';
import { opensAnnotation, skipAnnotation, skipArgument, skipComment, skipString } from './scan.js';

/**
 * The text of one call, cut into arguments and result without copying. One object serves all calls in turn:
 * most calls need few of their parts, and nothing is allocated for the others.
 */
export class CallText {
  text = '';
  end = 0;
  count = 0;
  /** Where the value after `= ` begins. */
  result = 0;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  /**
   * @param start  after the opening parenthesis
   * @returns      false when the text breaks off before the result
   */
  scan(text: string, start: number, end: number): boolean {
    this.text = text;
    this.end = end;
    this.count = 0;
    let at = start;
    if (text.charCodeAt(at) === Char.CloseRound) at++;
    else {
      for (let code: number = Char.Comma; code !== Char.CloseRound; ) {
        if (code !== Char.Comma) return false;
        while (text.charCodeAt(at) === Char.Space) at++;
        const stop = skipArgument(text, at, end);
        if (stop < 0) return false;
        this.starts[this.count] = at;
        this.ends[this.count++] = stop;
        code = text.charCodeAt(stop);
        at = stop + 1;
      }
    }
    while (text.charCodeAt(at) === Char.Space) at++;
    if (text.charCodeAt(at) !== Char.Equals || at + 2 >= end) return false;
    this.result = at + 2;
    return true;
  }

  /** All arguments, as printed. */
  all(): string {
    return this.count === 0 ? '' : this.text.slice(this.starts[0], this.ends[this.count - 1]);
  }

  /** An argument as printed, without its name (-N); '' if there is none. */
  argument(index: number): string {
    return index < this.count ? this.text.slice(this.valueStart(index), this.ends[index]) : '';
  }

  /** Start of an argument's value: after `name=`, if it is named (-N). */
  valueStart(index: number): number {
    const start = index < this.count ? (this.starts[index] as number) : this.end;
    const code = this.text.charCodeAt(start);
    if (code < Char.LowerA || code > Char.LowerZ) return start;
    const named = /^[a-z_][a-z0-9_]*=/.exec(this.text.slice(start, start + 40));
    return named === null ? start : start + named[0].length;
  }

  /** What is between the quotes, still escaped; undefined if the argument is not a string (NULL, a pointer). */
  quoted(index: number): string | undefined {
    if (index >= this.count) return undefined;
    const start = this.valueStart(index);
    if (this.text.charCodeAt(start) !== Char.Quote) return undefined;
    return this.text.slice(start + 1, skipString(this.text, start, this.end) - 1);
  }

  /** The strings of an array, still escaped: the arguments of a program. */
  quotedList(index: number): string[] {
    const list: string[] = [];
    if (index >= this.count) return list;
    const { text } = this;
    const stop = this.ends[index] as number;
    let at = this.valueStart(index);
    if (text.charCodeAt(at++) !== Char.OpenSquare) return list;
    while (at < stop && text.charCodeAt(at) === Char.Quote) {
      const after = skipString(text, at, stop);
      if (after < 0) break;
      list.push(text.slice(at + 1, after - 1));
      at = text.startsWith('...', after) ? after + 3 : after;
      if (!text.startsWith(', ', at)) break;
      at += 2;
    }
    return list;
  }

  /** The number at this place; NaN if there is none. */
  numberAt(at: number): number {
    return Number.parseInt(this.text.slice(at, at + 24), 10);
  }

  /** What `<…>` right after the value at `at` holds, still escaped; '' if there is none. */
  annotationAt(at: number): string {
    const { text, end } = this;
    let i = at;
    let code = text.charCodeAt(i);
    while (
      (code >= Char.Zero && code <= Char.Nine) ||
      (code >= 65 && code <= 90) ||
      code === Char.Underscore ||
      code === Char.Minus
    ) {
      code = text.charCodeAt(++i);
    }
    if (code === Char.Space && text.charCodeAt(i + 1) === Char.Slash) i = skipComment(text, i + 1, end);
    if (i < 0 || i >= end || text.charCodeAt(i) !== Char.Less || !opensAnnotation(text, i)) return '';
    const after = skipAnnotation(text, i, end);
    return after < 0 ? '' : text.slice(i + 1, after - 1);
  }

  /** Values of `[3</a>, 4<pipe:[1]>]` in the text from `at`: start of each. */
  *listAt(at: number): Generator<number> {
    let i = at;
    while (this.text.charCodeAt(i) >= Char.Zero && this.text.charCodeAt(i) <= Char.Nine) {
      yield i;
      const next = skipArgument(this.text, i, this.end);
      if (next < 0 || this.text.charCodeAt(next) !== Char.Comma) return;
      i = next + 2;
    }
  }

  /** Place in the text of an argument's character `offset` (counted from its value). */
  placeIn(index: number, offset: number): number {
    return this.valueStart(index) + offset;
  }
}
