import { type LineMask, learnLineMask, sortedWords } from './line-mask.js';
import { shapeOf, splitBase64, tokenize } from './tokenize.js';

/**
 * In what texts vary.
 *
 * | variation | texts have |
 * | --- | --- |
 * | `none` | nothing that varies |
 * | `order` | the same lines in another order |
 * | `words` | the same lines one by one, but for numbers, names and the like in them |
 * | `order-and-words` | the same lines in another order, but for numbers and names with digits in them |
 * | `lines` | lines that are not in all of them, or not as often |
 */
export type TextVariation = 'none' | 'order' | 'words' | 'order-and-words' | 'lines';

/** The first line at which a text is not what it may be. */
export interface TextMismatch {
  /** Of the result; from 1. */
  readonly line: number;
  /** Undefined where there is no such line. At most 200 bytes of it; the newline is shown only where one lacks it. */
  readonly source: string | undefined;
  readonly result: string | undefined;
}

/** What a text may be, as far as some examples tell. */
export interface TextMask {
  readonly variation: TextVariation;
  /** Undefined: the text may be so. */
  mismatch(text: string): TextMismatch | undefined;
  /**
   * Whether one more sample may explain why a text is not what it may be: the samples vary there already, or it differs as
   * texts do that vary by themselves (`differsLikeNoise`).
   */
  mayBeNoise(text: string): boolean;
}

/**
 * Learn from a few texts that should be the same what of them is to be relied on: the strictest of the variations
 * that explains them.
 *
 * @param texts  byte strings, at least one; the first is shown where another differs
 */
export function learnTextMask(texts: readonly string[]): TextMask {
  const samples = texts.map(linesOf);
  return (
    same(samples) ??
    inAnyOrder(samples, 'order') ??
    lineByLine(samples, 0) ??
    inAnyOrder(samples, 'order-and-words') ??
    lineByLine(samples, 0.5) ??
    someLines(samples)
  );
}

/** With their newlines: a text whose last line lacks it is another text. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function mismatchAt(line: number, source: string | undefined, result: string | undefined): TextMismatch {
  const bothEnd = [source, result].every((each) => each === undefined || each.endsWith('\n'));
  const bothThere = source !== undefined && result !== undefined;
  const start = bothThere ? Math.max(0, commonPrefix(source, result) - BEFORE) : 0;
  const shown = (text: string | undefined) =>
    (bothEnd || !bothThere ? text?.replace(/\n$/, '') : text)?.slice(start, start + SHOWN);
  return { line, source: shown(source), result: shown(result) };
}

/** Of a long line, what stands around the difference. */
const SHOWN = 200;
const BEFORE = 60;

function commonPrefix(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

type Samples = readonly (readonly string[])[];

function same(samples: Samples): TextMask | undefined {
  const [first = [], ...others] = samples;
  const text = first.join('');
  if (others.some((each) => each.join('') !== text)) return undefined;
  return {
    variation: 'none',
    mismatch: (other) =>
      byPlace(
        first,
        linesOf(other),
        first.map((line) => (each) => each === line),
      ),
    mayBeNoise: (other) => differsLikeNoise(text, other),
  };
}

/** @param unknownMax  which share of the lines need not have anything in common */
function lineByLine(samples: Samples, unknownMax: number): TextMask | undefined {
  const [first = [], ...others] = samples;
  if (others.some(({ length }) => length !== first.length)) return undefined;
  const masks: LineMask[] = [];
  let unknown = 0;
  for (const place of first.keys()) {
    const examples = samples.map((each) => each[place] as string);
    const mask =
      learnLineMask(examples) ?? (++unknown > unknownMax * first.length ? undefined : noOtherWord(examples));
    if (mask === undefined) return undefined;
    masks.push(mask);
  }
  return {
    variation: 'words',
    mismatch: (other) => byPlace(first, linesOf(other), masks),
    mayBeNoise(other) {
      const lines = linesOf(other);
      const mayBe = (line: string, place: number) =>
        masks[place]?.(line) ||
        others.some((each) => each[place] !== first[place]) ||
        differsLikeNoise(first[place] as string, line);
      return lines.length === first.length && lines.every(mayBe);
    },
  };
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** A line of which nothing stays (a bar of progress): at least it says nothing that none of the examples says. */
function noOtherWord(examples: readonly string[]): LineMask {
  const wordsOf = (line: string) =>
    tokenize(line).flatMap((token) => (token.kind === 'word' ? shapeOf(token) : []));
  const known = new Set(examples.flatMap(wordsOf));
  const mayBeBlank = examples.some(isBlank);
  return (line) => (mayBeBlank || !isBlank(line)) && wordsOf(line).every((word) => known.has(word));
}

function byPlace(
  source: readonly string[],
  result: readonly string[],
  masks: readonly LineMask[],
): TextMismatch | undefined {
  for (let place = 0; place < Math.max(source.length, result.length); place++) {
    const line = result[place];
    if (line === undefined || !masks[place]?.(line)) return mismatchAt(place + 1, source[place], line);
  }
  return undefined;
}

/** A line without what may vary in it. */
const KEYS: Readonly<Record<'order' | 'order-and-words', (line: string) => string>> = {
  order: (line) => line,
  'order-and-words': (line) => tokenize(line).map(shapeOf).join(''),
};

function inAnyOrder(samples: Samples, variation: keyof typeof KEYS): TextMask | undefined {
  const keyOf = KEYS[variation];
  const [first = [], ...others] = samples;
  const sorted = (lines: readonly string[]) => lines.map(keyOf).sort();
  const expected = sorted(first);
  const text = expected.join('\n');
  if (others.some((each) => sorted(each).join('\n') !== text)) return undefined;
  return {
    variation,
    mismatch(other) {
      const lines = linesOf(other);
      const left = countOf(expected);
      const surplus = lines.findIndex((line) => !take(left, keyOf(line)));
      const lacking = first.find((line) => left.has(keyOf(line)));
      return surplusOrLacking(lines, surplus, lacking);
    },
    mayBeNoise: (other) => differsLikeNoise(first.join(''), other),
  };
}

/** A line that should not be there, or one that should: where lines have no place, each stands alone. */
function surplusOrLacking(
  lines: readonly string[],
  surplus: number,
  lacking: string | undefined,
): TextMismatch | undefined {
  if (surplus >= 0) return mismatchAt(surplus + 1, undefined, lines[surplus]);
  return lacking === undefined ? undefined : mismatchAt(lines.length + 1, lacking, undefined);
}

function countOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function take(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key);
  if (count === undefined) return false;
  if (count === 1) counts.delete(key);
  else counts.set(key, count - 1);
  return true;
}

/** Even the number of lines varies: those of all samples must be there, and no line that is in none. */
function someLines(samples: Samples): TextMask {
  const keyOf = KEYS['order-and-words'];
  const keys = samples.map((lines) => new Set(lines.map(keyOf)));
  const [first = new Set<string>(), ...others] = keys;
  const inAll = new Set([...first].filter((key) => others.every((each) => each.has(key))));
  const inSome = new Set(keys.flatMap((each) => [...each]));
  return {
    variation: 'lines',
    mismatch(other) {
      const lines = linesOf(other);
      const found = new Set(lines.map(keyOf));
      const surplus = lines.findIndex((line) => !inSome.has(keyOf(line)));
      const lacking = samples[0]?.find((line) => inAll.has(keyOf(line)) && !found.has(keyOf(line)));
      return surplusOrLacking(lines, surplus, lacking);
    },
    mayBeNoise: () => true,
  };
}

/**
 * Whether two texts differ only as texts do that vary by themselves: in numbers, in names with digits, in base 64, in the
 * order of lines or of words. It is no proof: it says that one more example is worth its time.
 */
export function differsLikeNoise(source: string, result: string): boolean {
  const keys = (text: string) =>
    linesOf(text)
      .map((line) => shapesOf(line).sort().join('\0'))
      .sort()
      .join('\n');
  return keys(source) === keys(result);
}

function shapesOf(line: string): string[] {
  return splitBase64(line).flatMap((piece, place) => (place % 2 === 1 ? '#' : tokenize(piece).map(shapeOf)));
}

/** Whether two texts have the same lines, but for the order of lines and of the words in them. */
export function isReordered(source: string, result: string): boolean {
  const sorted = (text: string) =>
    linesOf(text)
      .map((line) => sortedWords(tokenize(line)))
      .sort()
      .join('\n');
  return sorted(source) === sorted(result);
}
