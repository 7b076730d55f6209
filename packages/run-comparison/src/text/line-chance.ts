import { logFactorial } from './find-ordered.js';
import type { LineFault } from './line-model.js';
import { type Multiset, toMultiset } from './multiset.js';
import { sortedWords } from './permutation-mask.js';
import { splitBase64, tokenize } from './tokenize.js';

export interface ChanceContext {
  /** How many samples agree on what the text is not. */
  readonly sampleCount: number;
  /** Whether samples vary anywhere. */
  readonly isChancy: boolean;
  /** The lines of a sample. */
  readonly lines: readonly string[];
}

/** With this many bits, chance does it in 1 of 16 000 cases. */
const BITS_ENOUGH = 14;
const BITS_OF_DIGIT = 3;
/** A byte or more in binary digits, of which each is one bit. */
const BINARY = /^[01]{8,}$/;
const BITS_OF_LINE = 2;
const BITS_OF_ORDER = 2;
const BITS_OF_WORDS = 3;

/**
 * Whether all that is wrong with a text may be chance, so that one more sample is worth its time. Each sample that agrees with
 * the others says so much against it as the fault has bits: a number of two digits is the same by chance in one of hundred
 * cases, a line that comes or not in one of two. It is no proof: it says only where to look on.
 */
export function mayBeChance(faults: readonly LineFault[], context: ChanceContext): boolean {
  const surprises = surprisesOf(faults, context);
  if (surprises.includes(Number.POSITIVE_INFINITY)) return false;
  /** More lines of one kind are no more surprising than one. */
  const byShape = new Map<string, number>();
  for (const [at, { source, result }] of faults.entries()) {
    const shape = noiseShapeOf((source ?? result)?.line ?? '');
    byShape.set(shape, Math.max(surprises[at] ?? 0, byShape.get(shape) ?? 0));
  }
  // What varies together does so by one chance: only the rarest counts whole, each other one bit.
  const bits = [...byShape.values()].reduce((most, each) => Math.max(most, each), 0) + byShape.size - 1;
  return (context.sampleCount - 1) * bits < BITS_ENOUGH;
}

/** Whether a line is wrong in numbers alone, and has others that vary: of what it measures, a little may be the same for long. */
export function isBesideChance({ source, result, varies, moved }: LineFault): boolean {
  if (!varies || moved !== undefined || source === undefined || result === undefined) return false;
  return noiseShapeOf(source.line) === noiseShapeOf(result.line);
}

/** How many bits each fault has; infinitely many, where it is no chance. */
export function surprisesOf(faults: readonly LineFault[], context: ChanceContext): readonly number[] {
  if (faults.length === 0) return [];
  const shapes = toMultiset(context.lines.map(noiseShapeOf));
  return faults.map((fault) => bitsOf(fault, context, shapes) ?? Number.POSITIVE_INFINITY);
}

/** Undefined: it is no chance. */
function bitsOf(
  { source, result, varies, moved, lacking = [] }: LineFault,
  { isChancy }: ChanceContext,
  shapes: Multiset,
): number | undefined {
  // Of many orders, those that are likely are few.
  if (moved !== undefined) return Math.max(1, logFactorial(moved) / Math.LN2 / 2);
  if (varies) return bitsOfLacking(lacking);
  const shape = noiseShapeOf((source ?? result)?.line ?? '');
  const others = (shapes.get(shape) ?? 0) - (source === undefined ? 0 : 1);
  if (source === undefined || result === undefined) return isChancy || others > 0 ? BITS_OF_LINE : undefined;
  if (isReordered(source.line, result.line)) return BITS_OF_ORDER;
  if (shape !== noiseShapeOf(result.line)) return isChancy ? BITS_OF_WORDS : undefined;
  const bits = Math.max(1, BITS_OF_DIGIT * digitsThatDiffer(source.line, result.line));
  // One of several of its kind, which a progress has: how many there are may be the only chance.
  return others > 0 ? Math.min(bits, BITS_OF_LINE) : bits;
}

/** Of what varies, a part that is 0 is the likeliest of all: `0` of `0,98 s`. */
function bitsOfLacking(lacking: readonly string[]): number {
  const others = lacking.filter((value) => !/^0[a-z]*$/.test(value));
  return others.length === 0 ? 1 : Math.max(BITS_OF_WORDS, BITS_OF_DIGIT * digitsOf(others));
}

function digitsThatDiffer(source: string, result: string): number {
  const others = new Set(tokenize(result).map(({ value }) => value));
  const differing = tokenize(source).filter(({ kind, value }) => kind !== 'other' && !others.has(value));
  return digitsOf(differing.map(({ value }) => value));
}

/** Of a time, most are the same for long. */
function digitsOf(values: readonly string[]): number {
  const count = (value: string) => {
    if (BINARY.test(value)) return value.length / BITS_OF_DIGIT;
    return /^[+-]?[0-9A-Za-z]+(?:\.\d+)?\W?$/.test(value) ? value.replace(/\D/g, '').length : 1;
  };
  return values.reduce((sum, value) => sum + count(value), 0);
}

/**
 * Whether two texts differ only as texts do that vary by themselves: in numbers, in names with digits, in base 64, in the
 * order of lines or of words.
 */
export function differsLikeNoise(source: string, result: string): boolean {
  return inAnyOrder(source, noiseShapeOf) === inAnyOrder(result, noiseShapeOf);
}

/** Whether two texts have the same lines, but for the order of lines and of the words in them. */
export function isReordered(source: string, result: string): boolean {
  const words = (line: string) => sortedWords(tokenize(line));
  return inAnyOrder(source, words) === inAnyOrder(result, words);
}

function inAnyOrder(text: string, keyOf: (line: string) => string): string {
  const lines = text === '' ? [] : text.split(/(?<=\n)/);
  return lines.map(keyOf).sort().join('\n');
}

/**
 * The words of a line in any order, without what may be a time, a count or a random name, and without how wide its columns, or
 * how long its bars, are.
 */
export function noiseShapeOf(line: string): string {
  const pieces = splitBase64(line).flatMap((piece, place) => {
    if (place % 2 === 1) return '#';
    return tokenize(piece).map(({ text, kind }) =>
      kind === 'number' || (kind === 'word' && /\d/.test(text)) ? '#' : text,
    );
  });
  const isRun = (at: number) => pieces[at] === pieces[at - 1] && !/[\w\x80-\xff]/.test(pieces[at] ?? '');
  return pieces
    .filter((piece, at) => !isRun(at) && !/^[ \t]$/.test(piece))
    .sort()
    .join('\0');
}
