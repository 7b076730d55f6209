import { Char } from './char.js';

/**
 * How far the pieces of strace's text reach. Every function takes the index of the first character and
 * gives the index after the last, or -1 when the piece is not whole before `end`. All are linear.
 */

/** From an opening quote to after the closing one. */
export function skipString(text: string, start: number, end: number): number {
  let quote = start;
  for (;;) {
    quote = text.indexOf('"', quote + 1);
    if (quote < 0 || quote >= end) return -1;
    if (text.charCodeAt(quote - 1) !== Char.Backslash) return quote + 1;
    let slash = quote;
    while (text.charCodeAt(slash - 1) === Char.Backslash && slash - 1 > start) slash--;
    if (((quote - slash) & 1) === 0) return quote + 1;
  }
}

/**
 * From the `<` of a descriptor's annotation to after its `>`: `</path>`, `<TCP:[a->b]>`, `</dev/null<char 1:3>>`.
 * `<`, `>` and `"` of a file name are escaped in there, so a bare quote opens a socket's own path.
 */
export function skipAnnotation(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start + 1);
  if (first === Char.Slash || first === Char.Backslash) {
    // A path, by far the most frequent: nothing in it looks like its end, and only a device nests.
    const close = text.indexOf('>', start) + 1;
    const after = text.charCodeAt(close) === Char.Greater ? close + 1 : close;
    return close === 0 || after > end ? -1 : after;
  }
  let depth = 0;
  for (let i = start; i < end; i++) {
    switch (text.charCodeAt(i)) {
      case Char.Less:
        depth++;
        break;
      case Char.Greater:
        if (text.charCodeAt(i - 1) === Char.Minus && depth === 1 && isSocketArrow(text, i)) break;
        if (--depth === 0) return i + 1;
        break;
      case Char.Backslash:
        i++;
        break;
      case Char.Quote: {
        const after = skipString(text, i, end);
        if (after < 0) return -1;
        i = after - 1;
        break;
      }
    }
  }
  return -1;
}

/** `a->b` of a socket, as against a directory whose name ends in `-`. */
function isSocketArrow(text: string, greater: number): boolean {
  const next = text.charCodeAt(greater + 1);
  return (next >= Char.Zero && next <= Char.Nine) || next === Char.OpenSquare;
}

/** From the slash of an opening comment to after the closing one. Comments nest: one in an expression in one. */
export function skipComment(text: string, start: number, end: number): number {
  let depth = 1;
  let at = start + 2;
  for (;;) {
    const close = text.indexOf('*/', at);
    if (close < 0 || close + 2 > end) return -1;
    const inner = text.slice(at, close);
    for (let open = inner.indexOf('/*'); open >= 0; open = inner.indexOf('/*', open + 2)) depth++;
    at = close + 2;
    if (--depth === 0) return at;
  }
}

// Characters at which skipArgument must look closer; 256 because text is made of bytes.
const SPECIAL = new Uint8Array(256);
for (const character of '"()[]{},</') SPECIAL[character.charCodeAt(0)] = 1;

/**
 * From the start of an argument to the comma or closing bracket that ends it, not included.
 * A `<` opens an annotation only right after a number, a name or a bracket, and not in `<<` or `<...`.
 *
 * @returns  -1 when `end` comes first
 */
export function skipArgument(text: string, start: number, end: number): number {
  let depth = 0;
  let i = start;
  for (;;) {
    while (i < end && SPECIAL[text.charCodeAt(i)] === 0) i++;
    if (i >= end) return -1;
    switch (text.charCodeAt(i)) {
      case Char.Quote:
        i = skipString(text, i, end);
        if (i < 0) return -1;
        continue;
      case Char.OpenRound:
      case Char.OpenSquare:
      case Char.OpenCurly:
        depth++;
        break;
      case Char.CloseRound:
      case Char.CloseSquare:
      case Char.CloseCurly:
        if (depth === 0) return i;
        depth--;
        break;
      case Char.Comma:
        if (depth === 0) return i;
        break;
      case Char.Less:
        if (text.charCodeAt(i + 1) === Char.Less) {
          i += 2;
          continue;
        }
        if (opensAnnotation(text, i)) {
          i = skipAnnotation(text, i, end);
          if (i < 0) return -1;
          continue;
        }
        break;
      case Char.Slash:
        if (text.charCodeAt(i + 1) === Char.Star) {
          i = skipComment(text, i, end);
          if (i < 0) return -1;
          continue;
        }
        break;
    }
    i++;
  }
}

/** From after a call's closing parenthesis to what it returned, over the blanks and `= `; -1 if there is nothing. */
export function findResult(text: string, start: number, end: number): number {
  let at = start;
  while (text.charCodeAt(at) === Char.Space) at++;
  const there = text.charCodeAt(at) === Char.Equals && text.charCodeAt(at + 1) === Char.Space && at + 2 < end;
  return there ? at + 2 : -1;
}

/** Whether the `<` at this index follows a number, a name or its comment directly, as annotations do. */
export function opensAnnotation(text: string, less: number): boolean {
  const before = text.charCodeAt(less - 1);
  const follows = isWord(before) || (before === Char.Slash && text.charCodeAt(less - 2) === Char.Star);
  return follows && text.charCodeAt(less + 1) !== Char.Dot;
}

/** Letters, digits, `_`. */
export function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95
  );
}
