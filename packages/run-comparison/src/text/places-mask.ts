import { type FieldMask, learnFieldMask } from './field-mask.js';
import { type Token, tokenize } from './tokenize.js';

/** Whether lines have the same marks at the same places, and words or numbers between them. */
export function haveSamePlaces([first = [], ...others]: readonly (readonly Token[])[]): boolean {
  return others.every(
    (each) =>
      each.length === first.length &&
      each.every(({ kind, text }, place) => {
        const own = first[place] as Token;
        return kind === 'other' || own.kind === 'other' ? text === own.text : true;
      }),
  );
}

/**
 * Learn a line from examples of it, field by field.
 *
 * @returns undefined: they have not the same places
 */
export function learnPlaces(
  examples: readonly (readonly Token[])[],
): ((line: string) => boolean) | undefined {
  const masks = learnFields(examples);
  if (masks === undefined) return undefined;
  return (line) => acceptsAll(masks, tokenize(line));
}

export function learnFields(examples: readonly (readonly Token[])[]): readonly FieldMask[] | undefined {
  if (!haveSamePlaces(examples)) return undefined;
  const [first = []] = examples;
  const varies = (place: number) => examples.some((each) => each[place]?.value !== first[place]?.value);
  const isColumn = (place: number) => first[place]?.kind === 'number' && varies(place);
  return first.map(({ kind, value }, place) => {
    // What a number is shorter, the blanks before it are more: they are the end of the one before.
    if (kind === 'number' && !varies(place) && (isColumn(place - 1) || isColumn(place + 1)))
      return (token) => token.value === value;
    return learnFieldMask(examples.map((each) => each[place] as Token));
  });
}

export function acceptsAll(masks: readonly FieldMask[], tokens: readonly Token[]): boolean {
  return tokens.length === masks.length && masks.every((accepts, place) => accepts(tokens[place] as Token));
}
