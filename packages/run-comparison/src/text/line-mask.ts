import { learnAlignment } from './alignment-mask.js';
import { learnKeys } from './key-mask.js';
import { learnPermutation } from './permutation-mask.js';
import { acceptsAll, haveSamePlaces, learnFields } from './places-mask.js';
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
  const words = distinct.map((line) => new Set(wordsOf(line)));
  const steady = [...(words[0] ?? [])].filter((word) => words.every((each) => each.has(word)));
  const lacking = (line: string) => {
    const own = new Set(wordsOf(line));
    return steady.filter((word) => !own.has(word));
  };
  const accepts = learnPermutation(distinct) ?? learnPlacesAndKeys(distinct);
  if (accepts !== undefined) return { holds: 'by-mask', accepts, lacking };
  const alignment = learnAlignment(distinct.map(tokenize));
  return { holds: alignment.isLoose ? 'not-at-all' : 'by-mask', accepts: alignment.accepts, lacking };
}

/** Words and numbers. */
function wordsOf(line: string): readonly string[] {
  return tokenize(line).flatMap(({ kind, value }) => (kind === 'other' ? [] : value));
}

/** Places, as long as the line has the same ones: a key may have marks that none of the examples had. */
function learnPlacesAndKeys(examples: readonly string[]): LineMask['accepts'] | undefined {
  const tokens = examples.map(tokenize);
  const places = learnFields(tokens);
  const keys = learnKeys(examples);
  if (places === undefined) return keys;
  return (line) => {
    const own = tokenize(line);
    return (
      acceptsAll(places, own) || (keys?.(line) === true && !haveSamePlaces([...tokens.slice(0, 1), own]))
    );
  };
}
