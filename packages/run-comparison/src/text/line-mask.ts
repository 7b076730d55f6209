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
  const lacking = (line: string) => {
    const [steady, own] = [steadyWords(distinct), new Set(wordsOf(line))];
    return steady.filter((word) => !own.has(word));
  };
  const accepts = learnPermutation(distinct) ?? learnPlacesAndKeys(distinct);
  if (accepts !== undefined) return { holds: 'by-mask', accepts, lacking };
  const alignment = learnAlignment(distinct.map(tokenize));
  return { holds: alignment.isLoose ? 'not-at-all' : 'by-mask', accepts: alignment.accepts, lacking };
}

function steadyWords(examples: readonly string[]): readonly string[] {
  const [first = new Set<string>(), ...others] = examples.map((line) => new Set(wordsOf(line)));
  return [...first].filter((word) => others.every((each) => each.has(word)));
}

/** Words and numbers. */
function wordsOf(line: string): readonly string[] {
  return tokenize(line).flatMap(({ kind, value }) => (kind === 'other' ? [] : value));
}

/** Places, as long as the line has the same ones: a key may have marks that none of the examples had. */
function learnPlacesAndKeys(examples: readonly string[]): LineMask['accepts'] | undefined {
  const tokens = examples.map(tokenize);
  const places = learnFields(tokens);
  if (places === undefined) return learnKeys(examples);
  return (line) => {
    const own = tokenize(line);
    if (acceptsAll(places, own)) return true;
    return !haveSamePlaces([...tokens.slice(0, 1), own]) && learnKeys(examples)?.(line) === true;
  };
}
