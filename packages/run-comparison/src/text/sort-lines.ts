import { findClusters } from './find-clusters.js';
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
 * 2. else lines of one shape are of one kind, if each sample has as many of them; else those of one rough shape; else those of
 *    several shapes that share most of their words;
 * 3. else, but for shapes that each sample has and that say something, all that is left is of one kind, if each sample has as
 *    many such lines: text made at random has any shape;
 * 4. else lines of one shape come more or less often, or by chance.
 */
export function sortLines(samples: readonly Lines[]): Families {
  const counts = samples.map(toMultiset);
  const common = equallyOften(counts);
  const rest = samples.map((lines) => lines.filter((line) => !common.has(line)));
  const words = commonWords(rest.map((lines) => [...lines, ...common.keys()]));
  const toShape = remembered((line) => shapeOf(line, words));
  const exact = withoutSeries(common, rest, toShape);
  const toKey = keyOfVarying(
    samples.map((lines) => lines.filter((line) => !exact.has(line))),
    {
      toShape,
      toRoughShape: remembered((line) => roughShapeOf(line, words)),
      toWords: (line) => wordsOf(line, words),
    },
  );
  const keyOf = remembered((line) => (exact.has(line) ? `exact ${line}` : toKey(line)));
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

interface Views {
  readonly toShape: (line: string) => string;
  readonly toRoughShape: (line: string) => string;
  readonly toWords: (line: string) => ReadonlySet<string>;
}

/** Find the kind of each line that is not always the same. */
function keyOfVarying(
  samples: readonly Lines[],
  { toShape, toRoughShape, toWords }: Views,
): (line: string) => string {
  const shapes = equallyOften(samples.map((lines) => toMultiset(lines.map(toShape))));
  const unlike = samples.map((lines) => lines.filter((line) => !shapes.has(toShape(line))));
  const rough = equallyOften(unlike.map((lines) => toMultiset(lines.map(toRoughShape))));
  const rest = unlike.map((lines) => lines.filter((line) => !rough.has(toRoughShape(line))));
  const clusters = findClusters(rest, toShape, toWords);
  const left = rest.map((lines) => lines.filter((line) => clusters.of(line) === undefined));
  const common = inAll(left.map((lines) => new Set(lines)));
  const saysSomething = (line: string) => common.has(line) || toWords(line).size > 0;
  // What says the same in each sample is no text made at random, though it comes more or less often.
  const steady = inAll(left.map((lines) => new Set(lines.filter(saysSomething).map(toShape))));
  const atRandom = left.map((lines) => lines.filter((line) => !steady.has(toShape(line))));
  const isSteady = atRandom.every(({ length }) => length > 0 && length === atRandom[0]?.length);
  const varying = inAll(left.map((lines) => new Set(lines.map(toShape))));
  return (line) => {
    const shape = toShape(line);
    if (shapes.has(shape)) return `shape ${shape}`;
    if (rough.has(toRoughShape(line))) return `rough ${toRoughShape(line)}`;
    const cluster = clusters.of(line);
    if (cluster !== undefined) return `cluster ${cluster}`;
    if (isSteady && !steady.has(shape)) return 'left';
    return varying.has(shape) ? `varying ${shape}` : `chance ${shape}`;
  };
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
