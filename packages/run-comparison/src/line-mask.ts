import { splitBase64, type Token, tokenize } from './tokenize.js';

/** What a line may be, as far as some examples of it tell. */
export type LineMask = (line: string) => boolean;

/**
 * What examples of one line have in common. Where one of them has a number and the others have other numbers, any
 * number may stand; where the same words come in another order, they must all be there.
 *
 * @param examples  at least one
 * @returns undefined when they are not the same line in any way that shows
 */
export function learnLineMask(examples: readonly string[]): LineMask | undefined {
  const [first = ''] = examples;
  if (examples.every((each) => each === first)) return (line) => line === first;
  const tokens = examples.map(tokenize);
  return (
    wordsInAnyOrder(tokens) ??
    oneWord(examples, tokens) ??
    base64ThatVaries(examples) ??
    placesThatVary(tokens) ??
    middleThatVaries(tokens)
  );
}

const textsOf = (tokens: readonly Token[]) => tokens.map(({ text }) => text);

/** What two lines share that have the same words in another order; blanks around numbers go by their place in a list. */
export function sortedWords(tokens: readonly Token[]): string {
  return tokens
    .map(({ text, kind }) => (kind === 'number' ? text.trim() : text))
    .sort()
    .join('\0');
}

function wordsInAnyOrder(examples: readonly (readonly Token[])[]): LineMask | undefined {
  const [first, ...others] = examples.map(sortedWords);
  if (others.some((each) => each !== first)) return undefined;
  return (line) => sortedWords(tokenize(line)) === first;
}

function placesThatVary(examples: readonly (readonly Token[])[]): LineMask | undefined {
  const [first = [], ...others] = examples;
  const isSameFrame = others.every(
    (each) =>
      each.length === first.length &&
      each.every(
        ({ kind, text }, place) =>
          (kind === 'other') === (first[place]?.kind === 'other') &&
          (kind !== 'other' || text === first[place]?.text),
      ),
  );
  if (!isSameFrame) return undefined;
  const places = first.map(({ text, kind }, place) => {
    const all = examples.map((each) => each[place] as Token);
    if (all.every((each) => each.text === text)) return (token: Token) => token.text === text;
    const areNumbers = all.every((each) => each.kind === 'number');
    return areNumbers && kind === 'number'
      ? (token: Token) => token.kind === 'number'
      : (token: Token) => token.kind !== 'other';
  });
  return (line) => {
    const tokens = tokenize(line);
    return (
      tokens.length === places.length && places.every((accepts, place) => accepts(tokens[place] as Token))
    );
  };
}

/** Of base 64, its marks vary as well: they make no places. What is around it has them. */
function base64ThatVaries(examples: readonly string[]): LineMask | undefined {
  const pieces = examples.map(splitBase64);
  const [first = []] = pieces;
  if (first.length === 1 || pieces.some(({ length }) => length !== first.length)) return undefined;
  const masks: LineMask[] = [];
  for (const [place, text] of first.entries()) {
    const all = pieces.map((each) => each[place] as string);
    const mask = all.every((each) => each === text)
      ? (piece: string) => piece === text
      : learnPiece(all, place);
    if (mask === undefined) return undefined;
    masks.push(mask);
  }
  return (line) => {
    const parts = splitBase64(line);
    return parts.length === masks.length && masks.every((accepts, place) => accepts(parts[place] as string));
  };
}

/** Names that vary within a path are short. */
const NAME_MAX_LENGTH = 15;

function learnPiece(examples: readonly string[], place: number): LineMask | undefined {
  const tokens = examples.map(tokenize);
  if (place % 2 === 0) return placesThatVary(tokens);
  const [first = []] = tokens;
  const isPath = first.every(
    ({ text }, at) => text.length <= NAME_MAX_LENGTH || tokens.every((each) => each[at]?.text === text),
  );
  return (isPath ? placesThatVary(tokens) : undefined) ?? middleThatVaries(tokens) ?? (() => true);
}

/** Whatever changes its length and marks: only what stands before and after it is held on to. */
function middleThatVaries(examples: readonly (readonly Token[])[]): LineMask | undefined {
  const texts = examples.map(textsOf);
  const start = commonLength(texts);
  const end = commonLength(texts.map((each) => each.slice(start).reverse()));
  const [first = []] = texts;
  const isKnown = [...first.slice(0, start), ...first.slice(first.length - end)].some((text) =>
    /\w/.test(text),
  );
  if (!isKnown) return undefined;
  const prefix = first.slice(0, start).join('');
  const suffix = first.slice(first.length - end).join('');
  const mayBeEmpty = texts.some((each) => each.length === start + end);
  return (line) =>
    line.length >= prefix.length + suffix.length + (mayBeEmpty ? 0 : 1) &&
    line.startsWith(prefix) &&
    line.endsWith(suffix);
}

function commonLength(lists: readonly (readonly string[])[]): number {
  const [first = [], ...others] = lists;
  const at = first.findIndex((text, place) => others.some((each) => each[place] !== text));
  return at < 0 ? Math.min(...lists.map(({ length }) => length)) : at;
}

/** A key, something in base 64: a line without a gap, of which nothing stays. */
function oneWord(examples: readonly string[], tokens: readonly (readonly Token[])[]): LineMask | undefined {
  const isOneWord = (line: string) => /^\S{6,}\n?$/.test(line);
  if (!examples.every(isOneWord)) return undefined;
  const words = tokens.map((each) => each.filter(({ kind }) => kind !== 'other'));
  const [first = [], ...others] = words.map((each) => new Set(textsOf(each)));
  // In base 64, short ones meet by chance.
  const isBase64 = examples.every((line) => /^[\w+/-]{16,}={0,2}\n?$/.test(line));
  const isShared = [...first].some(
    (word) => word.length > (isBase64 ? 3 : 0) && others.some((each) => each.has(word)),
  );
  const areNumbers = words.every((each) => each.every(({ kind }) => kind === 'number'));
  return isShared || areNumbers ? undefined : isOneWord;
}
