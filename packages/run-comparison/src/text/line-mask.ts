import { learnAlignment } from './alignment-mask.js';
import { learnColumns } from './column-mask.js';
import { learnKeys } from './key-mask.js';
import { learnPermutation } from './permutation-mask.js';
import { acceptsAll, haveSamePlaces, learnFields } from './places-mask.js';
import { steadyWords, wordsOf } from './steady-words.js';
import { tokenize } from './tokenize.js';

/** What a line may be, as far as some examples of it tell. */
export interface LineMask {
  accepts(line: string): boolean;
  /**
   * How it holds a line: `exactly` as it was; `by-mask`, each field that varied within what it was; `not-at-all`: nothing of it
   * stays, only that it has no word that was never seen.
   */
  readonly holds: LineHold;
  /** Of a line that varies: the words and numbers that all examples have, and this one has not. */
  lacking(line: string): readonly string[];
}

export type LineHold = 'exactly' | 'by-mask' | 'not-at-all';

/**
 * Learn what examples of one line have in common: the strictest explanation of what varies between them. A number or a word
 * that is the same in all of them is never masked.
 *
 * @param examples  at least one; all of them are accepted
 */
export function learnLineMask(examples: readonly string[]): LineMask {
  const [first = ''] = examples;
  if (examples.every((each) => each === first))
    return { holds: 'exactly', accepts: (line) => line === first, lacking: () => [] };
  const distinct = [...new Set(examples)];
  const { accepts, isLoose = false, steady = steadyWords(distinct) } = explain(distinct);
  return {
    holds: isLoose ? 'not-at-all' : 'by-mask',
    accepts,
    lacking(line) {
      const own = new Set(wordsOf(line));
      return steady.filter((word) => !own.has(word));
    },
  };
}

/** In what lines vary. */
interface Explanation {
  accepts(line: string): boolean;
  /** Nothing of them stays. Default false. */
  readonly isLoose?: boolean;
  /** Words and numbers that are held on to. Default: all that stand in each of them. */
  readonly steady?: readonly string[];
}

/** @param examples  at least two, each of them once */
function explain(examples: readonly string[]): Explanation {
  const accepts = learnPermutation(examples);
  if (accepts !== undefined) return { accepts };
  return learnPlacesOrKeys(examples) ?? learnColumns(examples) ?? learnAlignment(examples.map(tokenize));
}

/**
 * Places, as long as the line has the same ones: a key may have marks that none of the examples had, and what was a number in
 * each of them may be a word.
 */
function learnPlacesOrKeys(examples: readonly string[]): Explanation | undefined {
  const tokens = examples.map(tokenize);
  const keys = once(() => learnKeys(examples));
  const places = learnFields(tokens);
  if (places === undefined) {
    const accepts = keys();
    return accepts && { accepts };
  }
  const columns = once(() => learnColumns(examples));
  const [first = []] = tokens;
  const isSteady = (place: number) => tokens.every((each) => each[place]?.value === first[place]?.value);
  return {
    steady: first.flatMap(({ kind, value }, place) => (kind !== 'other' && isSteady(place) ? value : [])),
    accepts(line) {
      const own = tokenize(line);
      if (acceptsAll(places, own)) return true;
      if (haveSamePlaces([first, own])) return false;
      return keys()?.(line) === true || columns()?.accepts(line) === true;
    },
  };
}

/** What is learnt when it is needed first. */
function once<T>(learn: () => T): () => T {
  let learnt: { readonly value: T } | undefined;
  return () => {
    learnt ??= { value: learn() };
    return learnt.value;
  };
}
