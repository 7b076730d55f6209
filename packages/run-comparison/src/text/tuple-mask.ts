import { isSameMultiset, type Multiset, toMultiset } from './multiset.js';
import { haveSamePlaces } from './places-mask.js';
import type { Lines } from './sort-lines.js';
import { type Token, tokenize } from './tokenize.js';

/** What lines of one kind say together: the same values, one in each line (`worker 1`, `worker 2`), in whatever order. */
export interface TupleMask {
  /** Whether the values come in another order, in one sample at least. */
  readonly isReordered: boolean;
  /** Whether lines say together what those of each sample do. */
  accepts(lines: Lines): boolean;
}

/** Places of a line, and the values that lines of each sample have there. */
interface Column {
  readonly places: readonly number[];
  readonly values: Multiset;
}

/**
 * Learn which fields of lines have, taken together, the same values in each sample.
 *
 * @param samples  of each, as many lines
 * @returns undefined: the lines have not the same places
 */
export function learnTuples(samples: readonly Lines[]): TupleMask | undefined {
  const tokens = samples.map((lines) => lines.map(tokenize));
  const [[first] = []] = tokens;
  if (first === undefined || !haveSamePlaces(tokens.flat())) return undefined;
  const varying = [...first.keys()].filter((place) =>
    tokens.some((lines) => lines.some((each) => each[place]?.value !== first[place]?.value)),
  );
  let joint: Column | undefined;
  const alone: (Column | undefined)[] = [];
  for (const place of varying) {
    const column = toColumn(tokens, [...(joint?.places ?? []), place]);
    joint = column ?? joint;
    if (column === undefined) alone.push(toColumn(tokens, [place]));
  }
  const columns = [joint, ...alone].filter((column) => column !== undefined);
  if (columns.length === 0) return undefined;
  const [one = [], ...others] = tokens;
  return {
    isReordered: columns.some(({ places }) => {
      const sequence = one.map((each) => valuesAt(each, places)).join('\n');
      return others.some((lines) => lines.map((each) => valuesAt(each, places)).join('\n') !== sequence);
    }),
    accepts(lines) {
      const own = lines.map(tokenize);
      return (
        haveSamePlaces([first, ...own]) &&
        columns.every(({ places, values }) =>
          isSameMultiset(toMultiset(own.map((each) => valuesAt(each, places))), values),
        )
      );
    },
  };
}

function valuesAt(tokens: readonly Token[], places: readonly number[]): string {
  return places.map((place) => tokens[place]?.value).join('\0');
}

/** Undefined: the values are not the same in each sample. */
function toColumn(
  samples: readonly (readonly (readonly Token[])[])[],
  places: readonly number[],
): Column | undefined {
  const [values = new Map(), ...others] = samples.map((lines) =>
    toMultiset(lines.map((each) => valuesAt(each, places))),
  );
  return others.every((each) => isSameMultiset(each, values)) ? { places, values } : undefined;
}
