import { splitBase64, tokenize } from './tokenize.js';

/** Stands for what may vary in a line. Texts do not hold it. */
const VARYING = '\0';
const WORD = /[0-9A-Za-z\x80-\xff]*[A-Za-z\x80-\xff][0-9A-Za-z\x80-\xff]*/g;

/** Words that are in all texts: a name made at random is in one. */
export function commonWords(texts: readonly Iterable<string>[]): ReadonlySet<string> {
  const [first = new Set<string>(), ...others] = texts.map(
    (lines) => new Set([...lines].flatMap((line) => line.match(WORD) ?? [])),
  );
  return new Set([...first].filter((word) => others.every((each) => each.has(word))));
}

/**
 * A line without what may vary in it: its numbers, keys and unknown words, the order of what is in it, and how wide its columns
 * are. Two lines of one shape are likely to be of one kind.
 */
export function shapeOf(line: string, words: ReadonlySet<string>): string {
  return sorted(withoutWidths(line, words));
}

/** The same without the marks of keys, and without how many items a list has. */
export function roughShapeOf(line: string, words: ReadonlySet<string>): string {
  return sorted(
    withoutWidths(line, words)
      .replace(/[+/=_-]*\0(?:[+/=_-]+\0)*[+/=_-]*/g, VARYING)
      .replace(/\0(?:[,;|] ?\0)+/g, VARYING),
  );
}

function sorted(shape: string): string {
  return tokenize(shape)
    .map(({ value }) => value)
    .sort()
    .join('');
}

function withoutWidths(line: string, words: ReadonlySet<string>): string {
  return splitBase64(line)
    .map((piece, place) => (place % 2 === 1 ? VARYING : withoutVarying(piece, words)))
    .join('')
    .replace(/[ \t]*\0[ \t]*/g, VARYING)
    .replace(/([^0-9A-Za-z\x80-\xff\0\r\n])\1+/g, '$1');
}

function withoutVarying(text: string, words: ReadonlySet<string>): string {
  return tokenize(text)
    .map(({ kind, value }) => (kind === 'number' || (kind === 'word' && !words.has(value)) ? VARYING : value))
    .join('');
}

/** How many of their known words two lines share: from 0 to 1. */
export function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size + other.size === 0) return 1;
  return (2 * [...one].filter((word) => other.has(word)).length) / (one.size + other.size);
}

/** The known words of a line. */
export function wordsOf(line: string, words: ReadonlySet<string>): ReadonlySet<string> {
  return new Set((line.match(WORD) ?? []).filter((word) => words.has(word)));
}
