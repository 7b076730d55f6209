import { findOrdered } from './find-ordered.js';
import type { Families, Family, Lines } from './sort-lines.js';
import { learnTuples, type TupleMask } from './tuple-mask.js';

/** Kinds of lines (`Families`), by whether they have a place. */
export interface Frame {
  /** Those that have one, in order; the same for each sample. */
  readonly keys: readonly string[];
  /** All others: their lines are held against each other wherever they stand. */
  readonly floating: ReadonlySet<string>;
  /** Of kinds of which each sample has as many lines, and more than one: what these say together. */
  readonly tuples: ReadonlyMap<string, TupleMask>;
}

/**
 * Find the lines whose places are the same in all samples, once those that come by chance, or at a place of their own each
 * time, are taken out.
 */
export function findFrame(samples: readonly Lines[], { keyOf, byKey }: Families): Frame {
  const tuples = new Map([...byKey].flatMap(([key, family]) => tuplesOf(key, family)));
  const isMoving = (key: string, family: Family) =>
    !isSteady(family) || tuples.get(key)?.isReordered === true;
  const floating = new Set([...byKey].flatMap(([key, family]) => (isMoving(key, family) ? key : [])));
  let sequences = samples.map((lines) => lines.map((line) => keyOf(line) as string));
  const float = (keys: Iterable<string>) => {
    for (const key of keys) floating.add(key);
    sequences = sequences.map((each) => each.filter((key) => !floating.has(key)));
  };
  float([]);
  if (!areSame(sequences)) {
    const once = (key: string) => byKey.get(key)?.lines[0]?.length === 1;
    const ordered = new Set(findOrdered(sequences.map((each) => each.filter(once))));
    float((sequences[0] ?? []).filter((key) => once(key) && !ordered.has(key)));
    float(notOfOneGap(sequences, ordered));
    float(gapsOf(sequences, ordered).flatMap((gaps) => (areSame(gaps) ? [] : gaps.flat())));
  }
  return { keys: sequences[0] ?? [], floating, tuples };
}

function tuplesOf(key: string, family: Family): [string, TupleMask][] {
  const isAlone = family.isExact || (family.lines[0]?.length ?? 0) < 2;
  const mask = isAlone || !isSteady(family) ? undefined : learnTuples(family.lines);
  return mask === undefined ? [] : [[key, mask]];
}

/** Whether there are always as many lines of it. */
function isSteady({ lines: [first = [], ...others] }: Family): boolean {
  return others.every(({ length }) => length === first.length);
}

type Sequences = readonly (readonly string[])[];

function areSame([first = [], ...others]: Sequences): boolean {
  return others.every((each) => each.length === first.length && each.every((key, at) => key === first[at]));
}

/** For each piece of the sequences that two ordered keys enclose: what each sequence has there. */
function gapsOf(sequences: Sequences, ordered: ReadonlySet<string>): readonly Sequences[] {
  const cut = sequences.map((sequence) => {
    const gaps: string[][] = [[]];
    for (const key of sequence) {
      if (ordered.has(key)) gaps.push([]);
      else gaps.at(-1)?.push(key);
    }
    return gaps;
  });
  return (cut[0] ?? []).map((_, at) => cut.map((gaps) => gaps[at] ?? []));
}

/** Keys of which one gap has more in one sequence than in another. */
function notOfOneGap(sequences: Sequences, ordered: ReadonlySet<string>): readonly string[] {
  return gapsOf(sequences, ordered).flatMap((gaps) => {
    const counts = gaps.map((keys) => Map.groupBy(keys, (key) => key));
    const keys = new Set(gaps.flat());
    return [...keys].filter((key) => {
      const count = counts[0]?.get(key)?.length;
      return counts.some((each) => each.get(key)?.length !== count);
    });
  });
}
