/** Something is not what it should be, at a place. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** @throws ShapeError  names the place */
export type Shape = (value: unknown, place: string) => void;

export const text: Shape = (value, place) => {
  if (typeof value !== 'string') throw unlike(place, 'text');
};

export const flag: Shape = (value, place) => {
  if (typeof value !== 'boolean') throw unlike(place, 'true or false');
};

/** A whole number from 0 on. */
export const count: Shape = (value, place) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw unlike(place, 'whole number from 0 on');
};

export const number: Shape = (value, place) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw unlike(place, 'number');
};

/** @param each  of its items */
export function list(each: Shape): Shape {
  return (value, place) => {
    if (!Array.isArray(value)) throw unlike(place, 'list');
    for (const [index, item] of value.entries()) each(item, `${place}[${index}]`);
  };
}

/** @param words  the only ones */
export function oneOf(words: readonly string[]): Shape {
  return (value, place) => {
    if (typeof value !== 'string' || !words.includes(value)) throw unlike(place, words.join(' or '));
  };
}

/** What other keys hold is nobody's concern: a newer writer may have added them. */
export function object(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unlike(place, 'object');
    const at = (key: string) => (place === '' ? key : `${place}.${key}`);
    const fields = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(required)) {
      if (!Object.hasOwn(fields, key)) throw new ShapeError(`${at(key)} is missing`);
      required[key]?.(fields[key], at(key));
    }
    for (const key of Object.keys(optional))
      if (Object.hasOwn(fields, key) && fields[key] !== undefined) optional[key]?.(fields[key], at(key));
  };
}

/** @param each  of its values */
export function record(each: Shape): Shape {
  return (value, place) => {
    object({})(value, place);
    for (const [key, item] of Object.entries(value as object)) each(item, `${place}.${key}`);
  };
}

/** @param shapes  the value is of one of them */
export function anyOf(...shapes: readonly Shape[]): Shape {
  return (value, place) => {
    for (const shape of shapes) {
      try {
        return shape(value, place);
      } catch {}
    }
    throw new ShapeError(`${place} is not of the kind that is expected there`);
  };
}

function unlike(place: string, expected: string): ShapeError {
  return new ShapeError(`${place === '' ? 'the whole' : place} is no ${expected}`);
}
