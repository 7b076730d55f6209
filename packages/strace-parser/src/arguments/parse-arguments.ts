import { escapeC, unescapeC } from '../text/c-escape.js';
import { Char } from '../text/char.js';
import {
  isWord,
  opensAnnotation,
  skipAnnotation,
  skipArgument,
  skipComment,
  skipString,
} from '../text/skip-text.js';
import type { Argument, StringArgument } from './argument-tree.js';

// Deeper nesting than strace ever prints; more would only exhaust the stack.
const DEEPEST = 100;
const ELLIPSIS: Argument = { kind: 'ellipsis' };

/**
 * The arguments of a call, or the fields of a siginfo, as trees.
 *
 * Never throws: what fits nothing becomes a `text` node, and printing gives back every character.
 *
 * @param text  what is between the parentheses
 * @example parseArguments('3, "a\\n", O_RDWR|O_CREAT, 0644')[3] // { kind: 'number', value: 420, text: '0644' }
 */
export function parseArguments(text: string): readonly Argument[] {
  return parseArgumentsIn(text, 0, text.length);
}

/** The same, of what stands from `start` to `end` of a text: reading a slice takes longer. */
export function parseArgumentsIn(text: string, start: number, end: number): readonly Argument[] {
  if (start >= end) return [];
  const parser = new Parser(text, start, end);
  const { items, separators } = parser.list(-1);
  if (parser.at < end || separators !== undefined) return [{ kind: 'text', text: text.slice(start, end) }];
  return items;
}

/** The value at `start`, and where it ends. For results: `3</path>`, `0x7f00`, `18<cat> …`. */
export function parseValue(text: string, start: number): { readonly value: Argument; readonly end: number } {
  const parser = new Parser(text, start, text.length);
  const value = parser.postfix(parser.primary());
  return { value, end: parser.at };
}

class Parser {
  #depth = 0;

  constructor(
    private readonly text: string,
    public at: number,
    private readonly end: number,
  ) {}

  /** Items up to the closing bracket (-1: the end of the text), which is not consumed. */
  list(close: number): { items: Argument[]; separators: string[] | undefined } {
    const { text } = this;
    const items: Argument[] = [];
    let separators: string[] | undefined;
    this.#depth++;
    for (;;) {
      items.push(this.#item());
      const code = text.charCodeAt(this.at);
      if (this.at >= this.end || code === close) break;
      const from = this.at;
      if (code === Char.Comma) this.at++;
      if (text.charCodeAt(this.at) === Char.Space && !this.#isRemarkAhead()) this.at++;
      if (this.at === from) break;
      // A usual separator costs nothing; the first unusual one brings them all back.
      const usual = this.at - from === 2;
      if (!usual && separators === undefined) separators = new Array(items.length - 1).fill(', ');
      separators?.push(text.slice(from, this.at));
      if (this.at >= this.end) {
        items.push({ kind: 'text', text: '' });
        break;
      }
    }
    this.#depth--;
    return { items, separators };
  }

  /** ` <unfinished ...>` inside the parentheses: its blank belongs to it. */
  #isRemarkAhead(): boolean {
    return this.text.charCodeAt(this.at + 1) === Char.Less;
  }

  #item(): Argument {
    const start = this.at;
    const name = this.#expression();
    if (this.text.charCodeAt(this.at) !== Char.Equals || this.#depth > DEEPEST)
      return this.#complete(start, name);
    this.at++;
    const value = this.#expression();
    return this.#complete(start, { kind: 'field', name, value });
  }

  /** An item must reach to a separator or a bracket; otherwise all of it is text. */
  #complete(start: number, item: Argument): Argument {
    const code = this.text.charCodeAt(this.at);
    if (
      this.at >= this.end ||
      code === Char.Comma ||
      code === Char.Space ||
      code === Char.CloseRound ||
      code === Char.CloseCurly ||
      code === Char.CloseSquare
    ) {
      return item;
    }
    const stop = skipArgument(this.text, this.at, this.end);
    this.at = stop < 0 ? this.end : stop;
    return { kind: 'text', text: this.text.slice(start, this.at) };
  }

  #expression(): Argument {
    const { text } = this;
    let value: Argument = this.#operation();
    while (text.charCodeAt(this.at) === Char.Space && text.startsWith(' => ', this.at)) {
      this.at += 4;
      value = { kind: 'change', before: value, after: this.#operation() };
    }
    return value;
  }

  #operation(): Argument {
    const first = this.postfix(this.primary());
    if (this.#isOver()) return first;
    let operators: string[] | undefined;
    let operands: Argument[] | undefined;
    for (;;) {
      const length = this.#operatorLength();
      if (length === 0) break;
      const operator = this.text.slice(this.at, this.at + length);
      this.at += length;
      operators ??= [];
      operands ??= [first];
      operators.push(operator);
      operands.push(this.postfix(this.primary()));
    }
    return operators === undefined || operands === undefined
      ? first
      : { kind: 'operation', operands, operators };
  }

  /** A comma follows, or the end: by far the most frequent. */
  #isOver(): boolean {
    return this.at >= this.end || this.text.charCodeAt(this.at) === Char.Comma;
  }

  /** Length of the infix operator here, with the blanks around it; 0 if there is none. */
  #operatorLength(): number {
    const { text } = this;
    const blank = text.charCodeAt(this.at) === Char.Space ? 1 : 0;
    const at = this.at + blank;
    const code = text.charCodeAt(at);
    let length = 0;
    switch (code) {
      case Char.Bar:
        length = text.charCodeAt(at + 1) === Char.Bar ? 2 : 1;
        break;
      case Char.Ampersand:
        length = text.charCodeAt(at + 1) === Char.Ampersand ? 2 : blank;
        break;
      case Char.Less:
        length = text.charCodeAt(at + 1) === Char.Less ? 2 : 0;
        break;
      case Char.Equals:
      case Char.Exclamation:
        length = text.charCodeAt(at + 1) === Char.Equals ? 2 : 0;
        break;
      case Char.Star:
      case Char.Plus:
        length = 1;
        break;
      case Char.Minus:
        length = blank === 0 ? 1 : 0;
        break;
      case Char.Dot:
        length =
          blank === 0 && text.charCodeAt(at + 1) === Char.Dot && text.charCodeAt(at + 2) !== Char.Dot ? 2 : 0;
        break;
      case LOWER_O:
        return blank === 1 && text.startsWith(' or ', this.at) ? 4 : 0;
    }
    if (length === 0) return 0;
    return blank + length + (text.charCodeAt(at + length) === Char.Space ? 1 : 0);
  }

  /** Annotations, contexts and comments that follow a value. */
  postfix(value: Argument): Argument {
    if (this.#isOver()) return value;
    const { text } = this;
    let result = value;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === Char.Less) {
        if (text.charCodeAt(this.at + 1) === Char.Less || !opensAnnotation(text, this.at)) return result;
        const after = skipAnnotation(text, this.at, this.end);
        if (after < 0) return result;
        const note = text.slice(this.at + 1, after - 1);
        this.at = after;
        if (text.startsWith('(deleted)', after)) {
          this.at += 9;
          result = { kind: 'annotated', value: result, note, deleted: true };
        } else result = { kind: 'annotated', value: result, note };
      } else if (code === Char.Space && text.charCodeAt(this.at + 1) === Char.OpenSquare) {
        const close = text.indexOf(']', this.at);
        if (close < 0 || close >= this.end) return result;
        const context = text.slice(this.at + 2, close);
        // Only these hold a context; elsewhere a blank and a bracket begin another item.
        const holds =
          result.kind === 'string' ||
          result.kind === 'annotated' ||
          result.kind === 'number' ||
          result.kind === 'symbol';
        if (!holds || !/^[^\s,="[\]]*[a-z_:!][^\s,="[\]]*$/.test(context)) return result;
        this.at = close + 1;
        result = { kind: 'annotated', value: result, context };
      } else if (
        code === Char.Space &&
        text.charCodeAt(this.at + 1) === Char.Slash &&
        text.charCodeAt(this.at + 2) === Char.Star
      ) {
        const after = skipComment(text, this.at + 1, this.end);
        if (after < 0) return result;
        result = { kind: 'commented', value: result, comment: text.slice(this.at, after) };
        this.at = after;
      } else if (code === Char.Space && this.#trailingLength() > 0) {
        const length = this.#trailingLength();
        result = { kind: 'commented', value: result, comment: text.slice(this.at, this.at + length) };
        this.at += length;
      } else return result;
    }
  }

  /** Length of ` <unfinished ...>`, or of the blank that old versions put, before the closing parenthesis. */
  #trailingLength(): number {
    const { text, at } = this;
    const next = text.charCodeAt(at + 1);
    if (next !== Char.Less) return next === Char.CloseRound || at + 1 === this.end ? 1 : 0;
    const close = text.indexOf('...>', at);
    return close >= 0 && close + 4 === this.end ? close + 4 - at : 0;
  }

  primary(): Argument {
    const { text } = this;
    const start = this.at;
    const code = text.charCodeAt(start);
    if (code >= Char.Zero && code <= Char.Nine) return this.#number(start);
    if (isWord(code) || code === Char.Question) return this.#word(start);
    switch (code) {
      case Char.Quote:
        return this.#string(start, false);
      case Char.At:
        return text.charCodeAt(start + 1) === Char.Quote ? this.#string(start + 1, true) : this.#rest(start);
      case Char.OpenCurly:
        return this.#bracket(start, Char.CloseCurly);
      case Char.OpenSquare:
        return this.#bracket(start, Char.CloseSquare);
      case Char.OpenRound:
        return this.#call(start, '');
      case Char.Dot:
        if (!text.startsWith('...', start)) return this.#rest(start);
        this.at += 3;
        return ELLIPSIS;
      case Char.Minus:
        if (isDigit(text.charCodeAt(start + 1))) return this.#number(start);
        return this.#unary(start, '-');
      case Char.Tilde:
        if (text.charCodeAt(start + 1) === Char.OpenSquare) {
          this.at++;
          return this.#complementSet(start);
        }
        return this.#unary(start, '~');
      case Char.Ampersand:
        return this.#unary(start, '&');
      case Char.Exclamation:
        return this.#unary(start, '!');
      case Char.Bar:
        // strace prints `|0x1000` where the first of two sets of flags is empty.
        return { kind: 'text', text: '' };
      case Char.Slash:
        return this.#leadingComment(start);
      case Char.Less:
      case Char.Space:
        return this.#remark(start);
      case Char.Equals:
        // The second half of a call whose first half is not in the log: `=> {parent_tid=[3875]}`.
        if (text.startsWith('=> ', start)) {
          this.at += 3;
          return { kind: 'change', before: undefined, after: this.#operation() };
        }
        return this.#rest(start);
    }
    return this.#rest(start);
  }

  #number(start: number): Argument {
    const { text } = this;
    let at = text.charCodeAt(start) === Char.Minus ? start + 1 : start;
    const first = at;
    let value = 0;
    let code = text.charCodeAt(at);
    if (code === Char.Zero && (text.charCodeAt(at + 1) | 32) === LOWER_X) {
      at += 2;
      for (let digit = hexDigit(text.charCodeAt(at)); digit >= 0; digit = hexDigit(text.charCodeAt(++at))) {
        value = value * 16 + digit;
      }
    } else {
      const base = code === Char.Zero ? 8 : 10;
      for (; code >= Char.Zero && code <= Char.Nine; code = text.charCodeAt(++at))
        value = value * base + code - Char.Zero;
    }
    if (isWordPart(text, at)) return this.#word(start);
    const spelled = text.slice(start, at);
    this.at = at;
    if (
      value > Number.MAX_SAFE_INTEGER ||
      (value !== 0 && text.charCodeAt(first) === Char.Zero && /[89]/.test(spelled))
    ) {
      return { kind: 'number', value: exactNumber(spelled), text: spelled };
    }
    return { kind: 'number', value: first === start || value === 0 ? value : -value, text: spelled };
  }

  #word(start: number): Argument {
    const { text } = this;
    let at = start + 1;
    while (WORD[text.charCodeAt(at)] === 1 || isWordPart(text, at)) at++;
    this.at = at;
    const name = text.slice(start, at);
    if (text.charCodeAt(at) === Char.OpenRound) return this.#call(start, name);
    return { kind: 'symbol', name };
  }

  #call(start: number, name: string): Argument {
    const open = this.at;
    if (this.#depth >= DEEPEST) return this.#rest(start);
    this.at = open + 1;
    if (this.text.charCodeAt(this.at) === Char.CloseRound) {
      this.at++;
      return { kind: 'call', name, items: [] };
    }
    const { items, separators } = this.list(Char.CloseRound);
    if (this.text.charCodeAt(this.at) !== Char.CloseRound) return this.#rest(start);
    this.at++;
    return separators === undefined
      ? { kind: 'call', name, items }
      : { kind: 'call', name, items, separators };
  }

  #bracket(start: number, close: number): Argument {
    if (this.#depth >= DEEPEST) return this.#rest(start);
    const kind = close === Char.CloseCurly ? 'struct' : 'array';
    this.at = start + 1;
    if (this.text.charCodeAt(this.at) === close) {
      this.at++;
      return { kind, items: [] };
    }
    const { items, separators } = this.list(close);
    if (this.text.charCodeAt(this.at) !== close) return this.#rest(start);
    this.at++;
    if (separators === undefined) return { kind, items };
    if (kind === 'array' && separators.every((separator) => separator === ' ')) {
      return { kind: 'set', items, complement: false };
    }
    return { kind, items, separators };
  }

  #complementSet(start: number): Argument {
    const list = this.#bracket(this.at, Char.CloseSquare);
    if (list.kind === 'set') return { ...list, complement: true };
    if (list.kind === 'array' && list.items.length < 2)
      return { kind: 'set', items: list.items, complement: true };
    return this.#rest(start);
  }

  #unary(start: number, operator: string): Argument {
    if (this.#depth >= DEEPEST) return this.#rest(start);
    this.at = start + 1;
    this.#depth++;
    const operand = this.postfix(this.primary());
    this.#depth--;
    return { kind: 'unary', operator, operand };
  }

  #leadingComment(start: number): Argument {
    const { text } = this;
    if (text.charCodeAt(start + 1) !== Char.Star || this.#depth >= DEEPEST) return this.#rest(start);
    const after = skipComment(text, start, this.end);
    if (after < 0) return this.#rest(start);
    this.at = after;
    if (text.charCodeAt(after) !== Char.Space) {
      return { kind: 'commented', value: { kind: 'text', text: '' }, comment: text.slice(start, after) };
    }
    this.at++;
    this.#depth++;
    const value = this.postfix(this.primary());
    this.#depth--;
    return { kind: 'commented', value, comment: text.slice(start, after + 1), before: true };
  }

  #remark(start: number): Argument {
    const { text } = this;
    const open = text.charCodeAt(start) === Char.Space ? start + 1 : start;
    const close = text.charCodeAt(open) === Char.Less ? text.indexOf('>', open) : -1;
    if (close < 0 || close >= this.end) return this.#rest(start);
    this.at = close + 1;
    return { kind: 'remark', text: text.slice(start, this.at) };
  }

  #string(quote: number, abstract: boolean): Argument {
    const { text } = this;
    const after = skipString(text, quote, this.end);
    if (after < 0) return this.#rest(abstract ? quote - 1 : quote);
    const raw = text.slice(quote + 1, after - 1);
    this.at = after;
    const cut = text.charCodeAt(after) === Char.Dot && text.startsWith('...', after);
    if (cut) this.at += 3;
    if (!cut && !abstract && !ESCAPED.test(raw)) return { kind: 'string', value: raw };
    return stringNode(raw, cut, abstract);
  }

  /** What cannot be read, up to the next separator or closing bracket. */
  #rest(start: number): Argument {
    const stop = skipArgument(this.text, start, this.end);
    this.at = stop < 0 ? this.end : stop;
    return { kind: 'text', text: this.text.slice(start, this.at) };
  }
}

const WORD = new Uint8Array(256);
for (let code = 0; code < 256; code++) if (isWord(code)) WORD[code] = 1;
const LOWER_O = 111;
const LOWER_X = 120;

function stringNode(raw: string, cut: boolean, abstract: boolean): StringArgument {
  const value = unescapeC(raw);
  const style = raw.startsWith('\\x') && value !== '' ? 'hex' : undefined;
  const node: { -readonly [K in keyof StringArgument]: StringArgument[K] } = { kind: 'string', value };
  if (style !== undefined) node.style = style;
  if (cut) node.cut = true;
  if (abstract) node.abstract = true;
  if (escapeC(value, style) !== raw) node.spelling = raw;
  return node;
}

/** What is escaped, or needs to be. */
const ESCAPED = /[^ -[\]-~]/;

function isDigit(code: number): boolean {
  return code >= Char.Zero && code <= Char.Nine;
}

function hexDigit(code: number): number {
  if (code >= Char.Zero && code <= Char.Nine) return code - Char.Zero;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Letters, digits, `_`, `?`, and single `.`, `:`, `$`, `%` inside a word. */
function isWordPart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (isWord(code) || code === Char.Question) return true;
  if (code === Char.Dot || code === Char.Colon || code === DOLLAR || code === PERCENT) {
    return isWord(text.charCodeAt(at + 1));
  }
  return false;
}

const DOLLAR = 36;
const PERCENT = 37;

function exactNumber(text: string): number | bigint {
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  const octal = /^0[0-7]+$/.test(digits);
  const magnitude = BigInt(octal ? `0o${digits}` : digits);
  const value = negative ? -magnitude : magnitude;
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}
