import type { Comparison, Difference, NotCompared } from '@keepset/run-comparison';

/**
 * What a run that differs has in common with one that does not: nobody knows whether it is right.
 *
 * A database counts what comes and goes, and a log says that something took 0.001 s in all runs but one. So bytes of files
 * that vary in the source, and numbers in lines that vary there, may be others in one of two runs of a result.
 *
 * @returns undefined where it differs in anything else
 */
export function besideChance({ differences, masked }: Comparison): readonly NotCompared[] | undefined {
  const varying = new Set(
    masked.flatMap(({ where, variation }) =>
      typeof where === 'object' && 'path' in where && (variation === 'bytes' || variation === 'content')
        ? where.path
        : [],
    ),
  );
  const places = differences.map((each) => toNotCompared(each, varying));
  return places.every((each) => each !== undefined) ? places : undefined;
}

function toNotCompared(difference: Difference, varying: ReadonlySet<string>): NotCompared | undefined {
  switch (difference.kind) {
    case 'file': {
      const { path, aspect, besideChance } = difference;
      if (besideChance) return { where: { path }, reason: 'varies-seldom' };
      if (aspect !== 'content' || !varying.has(path)) return undefined;
      return { where: { path }, reason: 'varies-elsewhere' };
    }
    case 'output': {
      const { stream, step, besideChance } = difference;
      const where = step === undefined ? stream : { step, aspect: stream };
      return besideChance && { where, reason: 'varies-seldom' };
    }
    default:
      return undefined;
  }
}

/** The same, with these places named as not compared. A line of output counts as one. */
export function withoutPlaces<T extends Comparison>(judgement: T, places: readonly NotCompared[]): T {
  const known = new Set(judgement.notCompared.map(({ where }) => JSON.stringify(where)));
  const byPlace = new Map(places.map((each) => [JSON.stringify(each.where), each]));
  const more = [...byPlace].flatMap(([where, each]) => (known.has(where) ? [] : each));
  const isFile = ({ where }: NotCompared) => typeof where === 'object' && 'path' in where;
  const files = more.filter(isFile).length;
  return {
    ...judgement,
    notCompared: [...judgement.notCompared, ...more],
    files: moved(judgement.files, files),
    lines: moved(judgement.lines, more.length - files),
  };
}

function moved({ exactly, byMask, notAtAll }: Comparison['files'], count: number): Comparison['files'] {
  return { exactly, byMask: byMask - count, notAtAll: notAtAll + count };
}
