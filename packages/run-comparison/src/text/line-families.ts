import { commonWords, shapeOf, wordsOf } from './line-shape.js';
import { equallyOften, isSameMultiset, type Multiset, toMultiset } from './multiset.js';

export type Lines = readonly string[];

/** Lines of one kind. */
export interface Family {
  /** Whether it is one text, as often in each sample. */
  readonly isExact: boolean;
  /** Of each sample. */
  readonly lines: readonly Lines[];
}

/** Lines of several samples, sorted by what they say. */
export interface Families {
  /** Undefined: no sample has such a line. */
  keyOf(line: string): string | undefined;
  readonly byKey: ReadonlyMap<string, Family>;
}

/**
 * Sort the lines of several samples by kind:
 *
 * 1. what is in each of them, as often, is a kind of its own, unless there are more or fewer others like it (`10 %`, `20 %`);
 * 2. else lines of one shape are of one kind, if each sample has that shape;
 * 3. else lines that share their known words.
 */
export function sortLines(samples: readonly Lines[]): Families {
  const counts = samples.map(toMultiset);
  const common = equallyOften(counts);
  const rest = samples.map((lines) => lines.filter((line) => !common.has(line)));
  const words = commonWords(rest.map((lines) => [...lines, ...common.keys()]));
  const toShape = remembered((line) => shapeOf(line, words));
  const exact = withoutSeries(common, rest, toShape);
  const others = samples.map((lines) => lines.filter((line) => !exact.has(line)));
  const shapes = inAll(others.map((lines) => new Set(lines.map(toShape))));
  const keyOf = remembered((line) => {
    if (exact.has(line)) return `exact ${line}`;
    return shapes.has(toShape(line)) ? `shape ${toShape(line)}` : `words ${wordsOf(line, words)}`;
  });
  const byKey = new Map<string, { isExact: boolean; lines: string[][] }>();
  for (const [sample, lines] of samples.entries()) {
    for (const line of lines) {
      const key = keyOf(line);
      const family = byKey.get(key) ?? { isExact: exact.has(line), lines: samples.map(() => []) };
      byKey.set(key, family);
      family.lines[sample]?.push(line);
    }
  }
  return {
    byKey,
    keyOf(line) {
      const key = keyOf(line);
      return byKey.has(key) ? key : undefined;
    },
  };
}

/** Lines of a progress are in each sample by its length, not since they must: their number varies, and so does theirs. */
function withoutSeries(common: Multiset, rest: readonly Lines[], toShape: (line: string) => string): Multiset {
  const [first = new Map(), ...others] = rest.map((lines) => toMultiset(lines.map(toShape)));
  if (others.every((each) => isSameMultiset(each, first))) return common;
  const varying = (shape: string) => others.some((each) => each.get(shape) !== first.get(shape));
  return new Map([...common].filter(([line]) => !varying(toShape(line))));
}

function inAll([first = new Set(), ...others]: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set([...first].filter((each) => others.every((other) => other.has(each))));
}

/** Lines come again. */
function remembered(of: (line: string) => string): (line: string) => string {
  const known = new Map<string, string>();
  return (line) => {
    const value = known.get(line) ?? of(line);
    known.set(line, value);
    return value;
  };
}
