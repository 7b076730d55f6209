import { findOrdered } from './find-ordered.js';
import { learnGap, type Tokens } from './gap-mask.js';
import { learnKnownWords } from './known-words.js';
import { tokenize } from './tokenize.js';

export interface Alignment {
  accepts(line: string): boolean;
  /** Whether it holds on to nothing but the words that were seen, whichever and wherever. */
  readonly isLoose: boolean;
}

/**
 * Learn a line whose pieces are not always as many: what each example has once, in the same order, must be there again, and
 * what stands between two such pieces is learnt for itself.
 *
 * @param examples  at least two; all of them are accepted
 */
export function learnAlignment(examples: readonly Tokens[]): Alignment {
  const anchors = findAnchors(examples);
  const isLoose = !anchors.some((each) => /[0-9A-Za-z\x80-\xff]/.test(each)) && examples.some(areWords);
  const gapsOf = examples.map((each) => cutAt(each, anchors) as readonly Tokens[]);
  const masks = [...anchors, undefined].map((_, at) => {
    const gaps = gapsOf.map((each) => each[at] as Tokens);
    return isLoose ? learnKnownWords(gaps) : learnGap(gaps);
  });
  return {
    isLoose,
    accepts(line) {
      const gaps = cutAt(tokenize(line), anchors);
      return gaps?.every((gap, at) => masks[at]?.(gap)) ?? false;
    },
  };
}

/** Pieces that each example has once. */
function findAnchors(examples: readonly Tokens[]): readonly string[] {
  const once = examples.map((each) => {
    const counts = new Map<string, number>();
    for (const { value } of each) counts.set(value, (counts.get(value) ?? 0) + 1);
    return new Set(
      [...counts].flatMap(([value, count]) => (count === 1 && value.trim() !== '' ? value : [])),
    );
  });
  const inAll = (value: string) => once.every((each) => each.has(value));
  return findOrdered(
    examples.map((each) => each.flatMap(({ value }) => (value.trim() !== '' && inAll(value) ? value : []))),
  );
}

/** What stands before, between and after the anchors; undefined where one is missing. */
function cutAt(tokens: Tokens, anchors: readonly string[]): readonly Tokens[] | undefined {
  const gaps: Tokens[] = [];
  let start = 0;
  for (const anchor of anchors) {
    let at = start;
    while (at < tokens.length && tokens[at]?.value !== anchor) at++;
    if (at === tokens.length) return undefined;
    gaps.push(tokens.slice(start, at));
    start = at + 1;
  }
  return [...gaps, tokens.slice(start)];
}

/** Several words, of which none has a place. */
function areWords(tokens: Tokens): boolean {
  return (
    tokens.filter(({ kind }) => kind === 'word').length > 1 && tokens.some(({ text }) => /[ \t]/.test(text))
  );
}
