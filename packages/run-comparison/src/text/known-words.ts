import { type GapMask, type Tokens, textOf } from './gap-mask.js';
import { toMultiset } from './multiset.js';

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
  const isBlank = (tokens: Tokens) => textOf(tokens).trim() === '';
  const counts = toMultiset(examples.flatMap((each) => [...new Set(wordsOf(each))]));
  const inOne = [...counts.values()].filter((count) => count === 1).length;
  const mayBeNew =
    examples.length < EXAMPLES_MIN || inOne === 0
      ? 0
      : 1 + Math.ceil((CHANCE_FACTOR * inOne) / examples.length);
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
