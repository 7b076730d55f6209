import { learnSeenWords } from './known-words.js';
import { learnNameMask } from './name-mask.js';
import { acceptsAll, learnFields } from './places-mask.js';
import { steadyWords, wordsOf } from './steady-words.js';
import { type Token, tokenize } from './tokenize.js';

export type Tokens = readonly Token[];

/** What a piece of a line may be. */
export type GapMask = (tokens: Tokens) => boolean;

export const textOf = (tokens: Tokens) => tokens.map(({ text }) => text).join('');

/**
 * Learn what may stand between two pieces of a line that are known.
 *
 * @param examples  at least one; all of them are accepted
 */
export function learnGap(examples: readonly Tokens[]): GapMask {
  const fields = learnFields(examples);
  if (fields !== undefined) return (tokens) => acceptsAll(fields, tokens);
  return learnFramedName(examples);
}

/** Learn a name (a key, a path with a name made at random in it) that begins and ends with pieces that are always the same. */
export function learnFramedName(examples: readonly Tokens[]): GapMask {
  const [first = []] = examples;
  let start = commonLength(examples);
  let end = commonLength(examples.map((each) => each.slice(start).toReversed()));
  const fills = fillersOf(examples.map((each) => each.slice(start, each.length - end)));
  while (start > 0 && fills(first[start - 1] as Token)) start--;
  while (end > 0 && fills(first[first.length - end] as Token)) end--;
  const [before, after] = [textOf(first.slice(0, start)), textOf(first.slice(first.length - end))];
  const inner = (text: string) => text.slice(before.length, text.length - after.length);
  const inners = new Set(examples.map((each) => inner(textOf(each))));
  // Something that is there or not is always the same.
  const isOption = inners.size === 2 && inners.has('');
  const accepts = isOption ? (text: string) => inners.has(text) : learnNameMask([...inners]);
  const steady = steadyWords([...inners]);
  const isKnown = [...inners].some((text) => PROSE.test(text))
    ? learnSeenWords([...inners].map(tokenize))
    : () => true;
  return (tokens) => {
    const text = textOf(tokens);
    const isFramed =
      text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
    if (!isFramed || !accepts(inner(text))) return false;
    const own = new Set(wordsOf(inner(text)));
    return steady.every((word) => own.has(word)) && isKnown(tokenize(inner(text)));
  };
}

/** Words, as no name made at random has them: another one is another message. */
const PROSE = /[A-Za-z\x80-\xff]{2}[ \t]+[A-Za-z\x80-\xff]{2}/;

/** A mark that is so much of a text, of so many pieces, is at its start by chance, unless that is rarer than this. */
const FILLER_SHARE = 1 / 3;
const FILLED_PIECES = 20;
const CHANCE_MIN = 1 / 1000;

/** Whether a mark fills texts (`|..A....b.|`), so that all begin, or end, with it by chance. */
function fillersOf(examples: readonly Tokens[]): (token: Token) => boolean {
  const all = examples.flat();
  return ({ kind, text }) => {
    const share = all.filter((each) => each.text === text).length / all.length;
    return (
      kind === 'other' &&
      all.length >= FILLED_PIECES &&
      share >= FILLER_SHARE &&
      share ** examples.length >= CHANCE_MIN
    );
  };
}

/** How many pieces at their start are the same in all. Of a run of one mark (a bar, a rule), the length may be another. */
function commonLength([first = [], ...others]: readonly Tokens[]): number {
  const at = first.findIndex(({ text }, place) => others.some((each) => each[place]?.text !== text));
  let length = at < 0 ? first.length : at;
  const last = first[length - 1];
  const isRun = last?.kind === 'other' && [first, ...others].some((each) => each[length]?.text === last.text);
  while (isRun && first[length - 1]?.text === last.text) length--;
  return length;
}
