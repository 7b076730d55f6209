import { likeness } from './line-shape.js';
import type { Lines } from './sort-lines.js';

/** Kinds of lines that have not always the same shape: a field comes or goes. */
export interface LineClusters {
  /** Number of the cluster of a line. */
  of(line: string): number | undefined;
}

/** Of more shapes, none is looked for: these are not a few lines that vary. */
const SHAPES_MAX = 200;
/** So much alike are lines that say the same. */
const LIKENESS_MIN = 0.5;

interface Shape {
  readonly words: ReadonlySet<string>;
  /** How many lines of each sample have it. */
  readonly counts: readonly number[];
}

/** Put shapes together that are alike, if each sample has as many lines of them together. */
export function findClusters(
  samples: readonly Lines[],
  toShape: (line: string) => string,
  toWords: (line: string) => ReadonlySet<string>,
): LineClusters {
  const shapes = new Map<string, Shape>();
  for (const line of samples.flat())
    if (!shapes.has(toShape(line))) {
      const counts = samples.map((lines) => lines.filter((each) => toShape(each) === toShape(line)).length);
      shapes.set(toShape(line), { words: toWords(line), counts });
      if (shapes.size > SHAPES_MAX) return { of: () => undefined };
    }
  const clusters: Shape[][] = [];
  const byShape = new Map<string, number>();
  for (const [shape, { words }] of shapes) {
    if (byShape.has(shape)) continue;
    const alike = [...shapes].filter(
      ([other, each]) => !byShape.has(other) && likeness(words, each.words) >= LIKENESS_MIN,
    );
    if (!isSteady(alike.map(([, { counts }]) => counts))) continue;
    for (const [other] of alike) byShape.set(other, clusters.length);
    clusters.push(alike.map(([, each]) => each));
  }
  return {
    of(line) {
      const known = byShape.get(toShape(line));
      if (known !== undefined || shapes.has(toShape(line))) return known;
      const words = toWords(line);
      const found = clusters.findIndex((each) =>
        each.some((other) => likeness(words, other.words) >= LIKENESS_MIN),
      );
      return found < 0 ? undefined : found;
    },
  };
}

/** Whether each sample has as many of them. */
function isSteady(counts: readonly (readonly number[])[]): boolean {
  const sums =
    counts[0]?.map((_, sample) => counts.reduce((sum, each) => sum + (each[sample] ?? 0), 0)) ?? [];
  return sums.every((sum) => sum === sums[0]);
}
