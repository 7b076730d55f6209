import { learnAlignment } from './alignment-mask.js';
import type { LineMask } from './line-mask.js';
import { isSameMultiset, toMultiset } from './multiset.js';
import { learnPlaces } from './places-mask.js';
import { sameEnd, sameStart } from './same-end.js';
import { type Token, tokenize } from './tokenize.js';

type Accepts = LineMask['accepts'];

const BRACKET = /([{}[\]()<>])/;

/**
 * Learn a line of which some pieces come in any order: the items between two brackets (a set, a dictionary), or all its words.
 * Everything else is where it was.
 *
 * @returns undefined: it is no such line
 */
export function learnPermutation(examples: readonly string[]): Accepts | undefined {
  return chunksInAnyOrder(examples) ?? wordsInAnyOrder(examples);
}

/** Between brackets, the same items. */
function chunksInAnyOrder(examples: readonly string[]): Accepts | undefined {
  const chunks = examples.map((each) => each.split(BRACKET));
  const [first = []] = chunks;
  const isBracket = (place: number) => place % 2 === 1;
  const isSameFrame = chunks.every(
    (each) =>
      each.length === first.length && each.every((chunk, at) => !isBracket(at) || chunk === first[at]),
  );
  if (!isSameFrame) return undefined;
  let isPermuted = false;
  const masks: Accepts[] = [];
  for (const [place, chunk] of first.entries()) {
    const all = chunks.map((each) => each[place] as string);
    const isSame = all.every((each) => each === chunk);
    const permuted = isSame ? undefined : (itemsInAnyOrder(all) ?? pairsInAnyOrder(all));
    isPermuted ||= permuted !== undefined;
    masks.push(permuted ?? learnChunk(all));
  }
  if (!isPermuted) return undefined;
  return (line) => {
    const parts = line.split(BRACKET);
    return parts.length === masks.length && masks.every((accepts, at) => accepts(parts[at] as string));
  };
}

function learnChunk(examples: readonly string[]): Accepts {
  const [first] = examples;
  if (examples.every((each) => each === first)) return (text) => text === first;
  const tokens = examples.map(tokenize);
  return learnPlaces(tokens) ?? learnAlignment(tokens).accepts;
}

/** Of a list, and of words. */
const SEPARATORS = [/(\s*[,;|]\s*|\n$)/, /(\s+)/];

function itemsInAnyOrder(texts: readonly string[]): Accepts | undefined {
  if (texts.some(({ length }) => length !== texts[0]?.length)) return undefined;
  // Whole words, with the blank beside them.
  const start = sameStart(texts).replace(/\S+$/, '');
  const end = sameEnd(texts).replace(/^\S+/, '');
  const inner = (text: string) => text.slice(start.length, text.length - end.length);
  if (texts.some(({ length }) => length < start.length + end.length)) return undefined;
  for (const separator of SEPARATORS) {
    const partsOf = (text: string) => inner(text).split(separator);
    const itemsOf = (parts: readonly string[]) => toMultiset(parts.filter((_, at) => at % 2 === 0));
    const between = (parts: readonly string[]) => parts.filter((_, at) => at % 2 === 1).join('');
    const [first = [], ...others] = texts.map(partsOf);
    const items = itemsOf(first);
    const isSame = (parts: readonly string[]) =>
      between(parts) === between(first) && isSameMultiset(itemsOf(parts), items);
    if (!others.every(isSame)) continue;
    return (text) =>
      text.length >= start.length + end.length &&
      text.startsWith(start) &&
      text.endsWith(end) &&
      isSame(partsOf(text));
  }
  return undefined;
}

/** A key, and what belongs to it. */
const PAIR = /^(\s*["']?[\w.-]+["']?\s*(?::|=>?))(.*)$/s;

/** A dictionary some of whose values vary: each key has what it may have, wherever it stands. */
function pairsInAnyOrder(texts: readonly string[]): Accepts | undefined {
  for (const separator of SEPARATORS) {
    const partsOf = (text: string) => text.split(separator);
    const between = (text: string) =>
      partsOf(text)
        .filter((_, at) => at % 2 === 1)
        .join('');
    const pairsOf = (text: string) => {
      const pairs = partsOf(text).flatMap((part, at) =>
        at % 2 === 0 && part !== '' ? [PAIR.exec(part)] : [],
      );
      return new Map(pairs.map((pair) => [pair?.[1]?.trim() ?? '', pair?.[2] ?? '']));
    };
    const all = texts.map(pairsOf);
    const [first = new Map<string, string>()] = all;
    const [ends = ''] = texts.map(between);
    const hasSameKeys = (pairs: ReadonlyMap<string, string>) =>
      pairs.size === first.size && [...pairs.keys()].every((key) => key !== '' && first.has(key));
    const isMoved = all.some((pairs) => [...pairs.keys()].join() !== [...first.keys()].join());
    const isWhole = (text: string, pairs: ReadonlyMap<string, string>) =>
      hasSameKeys(pairs) && between(text) === ends;
    if (!isMoved || !all.every((pairs, at) => isWhole(texts[at] as string, pairs))) continue;
    const masks = [...first.keys()].map((key) => ({
      key,
      accepts: learnChunk(all.map((pairs) => pairs.get(key) as string)),
    }));
    return (text) => {
      const pairs = pairsOf(text);
      return isWhole(text, pairs) && masks.every(({ key, accepts }) => accepts(pairs.get(key) as string));
    };
  }
  return undefined;
}

/** Wherever they stand. */
function wordsInAnyOrder(examples: readonly string[]): Accepts | undefined {
  // Blanks around a number go by its place.
  const lengthOf = (line: string) => line.replace(/[ \t]+/g, '').length;
  if (examples.some((line) => lengthOf(line) !== lengthOf(examples[0] ?? ''))) return undefined;
  const [first, ...others] = examples.map((line) => sortedWords(tokenize(line)));
  if (others.some((each) => each !== first)) return undefined;
  return (line) => sortedWords(tokenize(line)) === first;
}

/** What two lines share that have the same words in another order; blanks around numbers go by their place in a list. */
export function sortedWords(tokens: readonly Token[]): string {
  return tokens
    .map(({ value }) => value)
    .sort()
    .join('\0');
}
