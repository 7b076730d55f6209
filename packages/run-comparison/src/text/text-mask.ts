import { type ChanceContext, isBesideChance, mayBeChance, surprisesOf } from './line-chance.js';
import {
  checkLines,
  holdsOf,
  type LineFault,
  type LineModel,
  learnLines,
  steadyLines,
} from './line-model.js';
import { isSameMultiset, toMultiset } from './multiset.js';
import { withoutRules, withRules } from './ruled-text.js';
import { sameStart } from './same-end.js';
import type { Lines } from './sort-lines.js';

/**
 * In what texts vary.
 *
 * | variation | texts have |
 * | --- | --- |
 * | `none` | nothing that varies |
 * | `order` | the same lines in another order |
 * | `words` | the same lines one by one, but for numbers, names and the like in them |
 * | `order-and-words` | the same lines in another order, but for numbers and names in them |
 * | `lines` | lines that are not in all of them, or not as often |
 */
export type TextVariation = 'none' | 'order' | 'words' | 'order-and-words' | 'lines';

/** A line at which a text is not what it may be: the one that is least likely to be chance; of several, the first. */
export interface TextMismatch {
  /** Of the result; from 1. */
  readonly line: number;
  /** Undefined where there is no such line. At most 200 bytes of it; the newline is shown only where one lacks it. */
  readonly source: string | undefined;
  readonly result: string | undefined;
  /** Where the source's line is. Absent where there is none. */
  readonly heldAgainst?: SampleLine;
  /** All that is wrong with the text is numbers in lines that have others that vary. Absent: it is more. */
  readonly besideChance?: true;
}

/** A line of a sample; both numbers are from 1. */
export interface SampleLine {
  readonly sample: number;
  readonly line: number;
}

/** How many lines, or files, are held against those of the samples, and how. */
export interface HoldCounts {
  /** As they were. */
  readonly exactly: number;
  /** But for what varies, and that within what was seen of it. */
  readonly byMask: number;
  readonly notAtAll: number;
}

/** What a text may be, as far as some examples tell. */
export interface TextMask {
  readonly variation: TextVariation;
  /** Undefined: the text may be so. */
  mismatch(text: string): TextMismatch | undefined;
  /**
   * Whether one more sample may explain why a text is not what it may be. It is no proof: it says only that the sample is worth
   * its time.
   *
   * @param isChancy  whether something else varies between the same samples. Default false
   */
  mayBeNoise(text: string, isChancy?: boolean): boolean;
  /** How the lines of a text are held. */
  countHolds(text: string): HoldCounts;
}

/**
 * Learn from a few texts that should be the same what of them is to be relied on: all that they have in common. A line that is
 * in each of them must be there, a field that never varied is never masked, whatever varies around it.
 *
 * @param texts  byte strings, at least one; the first is shown where another differs
 */
export function learnTextMask(texts: readonly string[]): TextMask {
  const hasLists = haveLists(texts);
  const linesOf = (text: string) => {
    const lines = splitLines(withRules(text));
    return hasLists ? lines.flatMap(withoutComma) : lines;
  };
  const samples = texts.map(linesOf);
  const [first = []] = samples;
  const varies = texts.some((each) => each !== texts[0]);
  const model = varies ? learnLines(samples) : steadyLines(first);
  const context = { sampleCount: samples.length, isChancy: varies, lines: first };
  return {
    variation: varies ? toVariation(samples, model) : 'none',
    mismatch(text) {
      const lines = linesOf(text);
      return toMismatch(checkLines(model, lines, first), lines, context);
    },
    mayBeNoise(text, isChancy = false) {
      const faults = checkLines(model, linesOf(text), first);
      return mayBeChance(faults, { ...context, isChancy: isChancy || varies });
    },
    countHolds(text) {
      const lines = linesOf(text);
      const holds = holdsOf(model, lines).filter((_, at) => lines[at] !== COMMA);
      const count = (hold: string) => holds.filter((each) => each === hold).length;
      return { exactly: count('exactly'), byMask: count('by-mask'), notAtAll: count('not-at-all') };
    },
  };
}

/** The last item of a list has no comma, wherever it stands: at the end of a line it is a piece for itself. */
const COMMA = ',';

/** Of a text made at random a line may end with one, now and then. */
function haveLists(texts: readonly string[]): boolean {
  const [first = 0, ...others] = texts.map((text) => text.split(`${COMMA}\n`).length - 1);
  const isSteady = first > 0 && others.every((each) => each === first);
  return isSteady || [first, ...others].some((each) => each > 1);
}

/** What is at the end of a line is told by the piece before it. */
function withoutComma(line: string): readonly string[] {
  return line.endsWith(`${COMMA}\n`) ? [COMMA, `${line.slice(0, -2)}\n`] : [line];
}

/** With what ends them: a text whose last line lacks it is another text. A bar of progress is drawn over by the next. */
function splitLines(text: string): Lines {
  return text === '' ? [] : text.split(/(?<=\n|\r(?!\n))/);
}

function toVariation(samples: readonly Lines[], { floating }: LineModel): TextVariation {
  const [first = [], ...others] = samples;
  const counts = toMultiset(first);
  if (others.every((each) => isSameMultiset(toMultiset(each), counts))) return 'order';
  if (floating.size === 0) return 'words';
  return [...floating.values()].some(({ countVaries }) => countVaries) ? 'lines' : 'order-and-words';
}

/** What is least likely to be chance is shown; of several, the first. */
function toMismatch(
  faults: readonly LineFault[],
  lines: Lines,
  context: ChanceContext,
): TextMismatch | undefined {
  const surprises = surprisesOf(faults, context);
  const most = Math.max(...surprises);
  const placeOf = ({ result }: LineFault) => result?.at ?? lines.length;
  const [first, ...others] = faults.filter((_, at) => surprises[at] === most);
  if (first === undefined) return undefined;
  const fault = others.reduce((one, other) => (placeOf(other) < placeOf(one) ? other : one), first);
  const { source, result } = fault;
  return {
    line: lineNumber(lines, placeOf(fault)),
    ...shown(source?.line, result?.line),
    ...(source !== undefined && { heldAgainst: { sample: 1, line: lineNumber(context.lines, source.at) } }),
    ...(faults.every(isBesideChance) && { besideChance: true }),
  };
}

/** What is drawn over is no line of its own. */
function lineNumber(lines: Lines, at: number): number {
  return 1 + lines.slice(0, at).filter((line) => line.endsWith('\n')).length;
}

/** Of a long line, what stands around the difference. */
const SHOWN = 200;
const BEFORE = 60;

function shown(
  source: string | undefined,
  result: string | undefined,
): Pick<TextMismatch, 'source' | 'result'> {
  const bothEnd = [source, result].every((each) => each === undefined || each.endsWith('\n'));
  const bothThere = source !== undefined && result !== undefined;
  const start = bothThere ? Math.max(0, sameStart([source, result]).length - BEFORE) : 0;
  const cut = (text: string | undefined) =>
    (bothEnd || !bothThere ? text?.replace(/\n$/, '') : text)?.slice(start, start + SHOWN);
  const bytes = (text: string | undefined) => (text === undefined ? undefined : withoutRules(text));
  return { source: bytes(cut(source)), result: bytes(cut(result)) };
}
