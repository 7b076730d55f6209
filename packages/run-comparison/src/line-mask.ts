import { type Token, tokenize } from './tokenize.js';

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
    wordsInAnyOrder(tokens) ?? oneWord(examples, tokens) ?? placesThatVary(tokens) ?? middleThatVaries(tokens)
  );
}

const textsOf = (tokens: readonly Token[]) => tokens.map(({ text }) => text);
const sortedText = (tokens: readonly Token[]) => textsOf(tokens).sort().join('\0');

function wordsInAnyOrder(examples: readonly (readonly Token[])[]): LineMask | undefined {
  const [first, ...others] = examples.map(sortedText);
  if (others.some((each) => each !== first)) return undefined;
  return (line) => sortedText(tokenize(line)) === first;
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

/** Base 64, and whatever else changes its length and marks: only what stands before and after it is held on to. */
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
  const isShared = [...first].some((word) => others.some((each) => each.has(word)));
  const areNumbers = words.every((each) => each.every(({ kind }) => kind === 'number'));
  return isShared || areNumbers ? undefined : isOneWord;
}
