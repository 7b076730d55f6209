import { tokenize } from './tokenize.js';

/** Words and numbers that all examples have, wherever. */
export function steadyWords(examples: readonly string[]): readonly string[] {
  const [first = new Set<string>(), ...others] = examples.map((text) => new Set(wordsOf(text)));
  return [...first].filter((word) => others.every((each) => each.has(word)));
}

/** Words and numbers of a text. */
export function wordsOf(text: string): readonly string[] {
  return tokenize(text).flatMap(({ kind, value }) => (kind === 'other' ? [] : value));
}
