import { type GapMask, type Tokens, textOf } from './gap-mask.js';
import { type Multiset, toMultiset } from './multiset.js';

/** Of fewer examples, nobody knows whether words come again. */
const EXAMPLES_MIN = 3;

/** Chance brings so many times as many new words as are expected, now and then. */
const CHANCE_FACTOR = 3;

/**
 * Of text of which nothing stays: at least it says nothing that none of the examples says, and what all of them say. Where words
 * are in one example alone, the next one has others yet (Good and Turing: as many as these, by the number of examples): some
 * more may be new, but beside one that is known, if each example had one that others have.
 */
export function learnKnownWords(examples: readonly Tokens[]): GapMask {
  return learnWords(examples, mayBeNewBeside(examples));
}

/** The same of a message in a line of which the rest stays: it is one of those that were seen, word by word. */
export function learnSeenWords(examples: readonly Tokens[]): GapMask {
  return learnWords(examples, 0);
}

function mayBeNewBeside(examples: readonly Tokens[]): number {
  const inOne = [...countWords(examples).values()].filter((count) => count === 1).length;
  return examples.length < EXAMPLES_MIN || inOne === 0
    ? 0
    : 1 + Math.ceil((CHANCE_FACTOR * inOne) / examples.length);
}

/** In how many examples each word is. */
function countWords(examples: readonly Tokens[]): Multiset {
  return toMultiset(examples.flatMap((each) => [...new Set(wordsOf(each))]));
}

function learnWords(examples: readonly Tokens[], mayBeNew: number): GapMask {
  const isBlank = (tokens: Tokens) => textOf(tokens).trim() === '';
  const counts = countWords(examples);
  const mayBeBlank = examples.some(isBlank);
  const steady = [...counts].flatMap(([word, count]) => (count === examples.length ? word : []));
  const isShared = (word: string) => (counts.get(word) ?? 0) > 1;
  const isAnchored = examples.every((each) => wordsOf(each).some(isShared));
  return (tokens) => {
    const own = new Set(wordsOf(tokens));
    return (
      (mayBeBlank || !isBlank(tokens)) &&
      [...own].filter((word) => !counts.has(word)).length <= mayBeNew &&
      steady.every((word) => own.has(word)) &&
      (!isAnchored || [...own].some(isShared))
    );
  };
}

/** Without digits. */
function wordsOf(tokens: Tokens): readonly string[] {
  return tokens.flatMap(({ kind, value }) => (kind === 'word' && !/\d/.test(value) ? value : []));
}
