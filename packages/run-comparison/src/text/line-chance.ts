import type { LineFault } from './line-model.js';
import { toMultiset } from './multiset.js';
import { logFactorial } from './order-evidence.js';
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
const BITS_OF_LINE = 2;
const BITS_OF_WORDS = 4;

/**
 * Whether all that is wrong with a text may be chance, so that one more sample is worth its time. Each sample that agrees with
 * the others says so much against it as the fault has bits: a number of two digits is the same by chance in one of hundred
 * cases, a line that comes or not in one of two. It is no proof: it says only where to look on.
 */
export function mayBeChance(faults: readonly LineFault[], context: ChanceContext): boolean {
  const shapes = shapesOf(faults, context);
  const counted = new Set<string>();
  let bits = 0;
  for (const fault of faults) {
    const own = bitsOf(fault, context, shapes);
    if (own === undefined) return false;
    // More lines of one kind that lack, or are too many, are no more surprising than one.
    const alone = fault.source === undefined || fault.result === undefined;
    const shape = alone ? noiseShapeOf((fault.source ?? fault.result)?.line ?? '') : undefined;
    if (shape === undefined || !counted.has(shape)) bits += own;
    if (shape !== undefined) counted.add(shape);
  }
  return (context.sampleCount - 1) * bits < BITS_ENOUGH;
}

/** Undefined: it is no chance. */
function bitsOf(
  { source, result, varies, moved }: LineFault,
  { isChancy }: ChanceContext,
  shapes: ReadonlyMap<string, number>,
): number | undefined {
  if (moved !== undefined) return Math.max(1, logFactorial(moved) / Math.LN2);
  if (source !== undefined && result !== undefined) {
    if (varies) return 1;
    if (differsLikeNoise(source.line, result.line))
      return BITS_OF_DIGIT * digitsThatDiffer(source.line, result.line);
    return isChancy ? BITS_OF_WORDS : undefined;
  }
  // One of several of its kind, which a progress has.
  const others = (shapes.get(noiseShapeOf((source ?? result)?.line ?? '')) ?? 0) - (source === undefined ? 0 : 1);
  return varies || isChancy || others > 0 ? BITS_OF_LINE : undefined;
}

/** How often each shape is in a sample, where that matters. */
function shapesOf(faults: readonly LineFault[], { lines, isChancy }: ChanceContext): ReadonlyMap<string, number> {
  const isAlone = ({ source, result }: LineFault) => source === undefined || result === undefined;
  return isChancy || !faults.some(isAlone) ? new Map() : toMultiset(lines.map(noiseShapeOf));
}

function digitsThatDiffer(source: string, result: string): number {
  const others = new Set(tokenize(result).map(({ value }) => value));
  const differing = tokenize(source).filter(({ kind, value }) => kind !== 'other' && !others.has(value));
  return Math.max(1, differing.reduce((sum, { value }) => sum + value.length, 0));
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

/** The words of a line in any order, without what may be a time, a count or a random name. */
export function noiseShapeOf(line: string): string {
  return splitBase64(line)
    .flatMap((piece, place) => {
      if (place % 2 === 1) return '#';
      return tokenize(piece).map(({ text, kind }) =>
        kind === 'number' || (kind === 'word' && /\d/.test(text)) ? '#' : text,
      );
    })
    .sort()
    .join('\0');
}
