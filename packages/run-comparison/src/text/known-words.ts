import { type GapMask, type Tokens, textOf } from './gap-mask.js';
import { toMultiset } from './multiset.js';

/** Of fewer examples, nobody knows whether words come again. */
const EXAMPLES_MIN = 3;

/**
 * Of text of which nothing stays: at least it says nothing that none of the examples says. Where words are in one example alone,
 * the next one has others yet (Good and Turing: as many as these, by the number of examples), and any may come.
 */
export function learnKnownWords(examples: readonly Tokens[]): GapMask {
  const isBlank = (tokens: Tokens) => textOf(tokens).trim() === '';
  const counts = toMultiset(examples.flatMap((each) => [...new Set(wordsOf(each))]));
  const isOpen = examples.length >= EXAMPLES_MIN && [...counts.values()].includes(1);
  const mayBeBlank = examples.some(isBlank);
  return (tokens) =>
    (mayBeBlank || !isBlank(tokens)) && (isOpen || wordsOf(tokens).every((word) => counts.has(word)));
}

/** Without digits. */
function wordsOf(tokens: Tokens): readonly string[] {
  return tokens.flatMap(({ kind, value }) => (kind === 'word' && !/\d/.test(value) ? value : []));
}
