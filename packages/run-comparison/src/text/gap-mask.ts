import { learnNameMask } from './name-mask.js';
import { acceptsAll, learnFields } from './places-mask.js';
import type { Token } from './tokenize.js';

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
  const start = commonLength(examples);
  const end = commonLength(examples.map((each) => each.slice(start).toReversed()));
  const [first = []] = examples;
  const [before, after] = [textOf(first.slice(0, start)), textOf(first.slice(first.length - end))];
  const inner = (text: string) => text.slice(before.length, text.length - after.length);
  const inners = new Set(examples.map((each) => inner(textOf(each))));
  // Something that is there or not is always the same.
  const isOption = inners.size === 2 && inners.has('');
  const accepts = isOption ? (text: string) => inners.has(text) : learnNameMask([...inners]);
  return (tokens) => {
    const text = textOf(tokens);
    const isFramed =
      text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
    return isFramed && accepts(inner(text));
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
