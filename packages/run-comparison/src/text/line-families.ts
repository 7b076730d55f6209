import { commonWords, roughShapeOf, shapeOf, wordsOf } from './line-shape.js';
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
 * 2. else lines of one shape are of one kind, if each sample has as many of them; else those of one rough shape; else those that
 *    share their known words; else those that begin with the same one;
 * 3. else lines of one shape come more or less often, or by chance.
 */
export function sortLines(samples: readonly Lines[]): Families {
  const counts = samples.map(toMultiset);
  const common = equallyOften(counts);
  const rest = samples.map((lines) => lines.filter((line) => !common.has(line)));
  const words = commonWords(rest.map((lines) => [...lines, ...common.keys()]));
  const toShape = remembered((line) => shapeOf(line, words));
  const exact = withoutSeries(common, rest, toShape);
  const toKey = keyByShape(
    samples.map((lines) => lines.filter((line) => !exact.has(line))),
    [
      toShape,
      remembered((line) => roughShapeOf(line, words)),
      remembered((line) => wordsOf(line, words).sort().join(' ')),
      remembered((line) => wordsOf(line, words)[0] ?? ''),
    ],
  );
  const keyOf = remembered((line) =>
    exact.has(line) ? `exact ${line}` : (toKey(line) ?? `chance ${toShape(line)}`),
  );
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
function withoutSeries(
  common: Multiset,
  rest: readonly Lines[],
  toShape: (line: string) => string,
): Multiset {
  const [first = new Map(), ...others] = rest.map((lines) => toMultiset(lines.map(toShape)));
  if (others.every((each) => isSameMultiset(each, first))) return common;
  const varying = (shape: string) => others.some((each) => each.get(shape) !== first.get(shape));
  return new Map([...common].filter(([line]) => !varying(toShape(line))));
}

/**
 * @param shapes  from the finest on: the first counts of which each sample has as many lines like this; else the finest, if each
 *   has any
 */
function keyByShape(
  samples: readonly Lines[],
  shapes: readonly ((line: string) => string)[],
): (line: string) => string | undefined {
  const steady: Multiset[] = [];
  const keyOf = (line: string) => {
    const level = steady.findIndex((each, at) => each.has(shapes[at]?.(line) ?? ''));
    return level < 0 ? undefined : `shape ${level} ${shapes[level]?.(line)}`;
  };
  let rest = samples;
  for (const shape of shapes) {
    steady.push(equallyOften(rest.map((lines) => toMultiset(lines.map(shape)))));
    rest = rest.map((lines) => lines.filter((line) => keyOf(line) === undefined));
  }
  const [finest = String] = shapes;
  const varying = inAll(rest.map((lines) => new Set(lines.map(finest))));
  return (line) => keyOf(line) ?? (varying.has(finest(line)) ? `varying ${finest(line)}` : undefined);
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
