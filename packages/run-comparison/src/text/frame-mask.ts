import type { LineMask } from './line-mask.js';
import { toMultiset } from './multiset.js';

/** A line of a text, and which it is: from 0. */
export interface PlacedLine {
  readonly line: string;
  readonly at: number;
}

/** A line that has a place. */
export interface FrameLine {
  readonly mask: LineMask;
  /** As the first sample has it. */
  readonly example: PlacedLine;
}

/** A line of the source that is not as it was: lacking, changed, or one too many where there is none. */
export interface FrameFault {
  readonly source?: FrameLine;
  readonly result?: PlacedLine;
  /** So many lines are the same, in another order. */
  readonly moved?: number;
}

/** Hold lines against those that should be there, in their order. */
export function checkFrame(frame: readonly FrameLine[], lines: readonly PlacedLine[]): readonly FrameFault[] {
  const isSame = (source: FrameLine | undefined, result: PlacedLine | undefined) =>
    source !== undefined && result !== undefined && source.mask.accepts(result.line);
  let start = 0;
  while (isSame(frame[start], lines[start])) start++;
  if (start === frame.length && start === lines.length) return [];
  let end = 0;
  const most = Math.min(frame.length, lines.length) - start;
  while (end < most && isSame(frame[frame.length - 1 - end], lines[lines.length - 1 - end])) end++;
  const sources = frame.slice(start, frame.length - end);
  const results = lines.slice(start, lines.length - end);
  const rest = withoutCommon(sources, results);
  if (rest.sources.length + rest.results.length === 0)
    return [{ ...paired(sources[0], results[0]), moved: sources.length }];
  const isAsLong = sources.length === results.length;
  return zip(isAsLong ? { sources, results } : rest).filter(({ source, result }) => !isSame(source, result));
}

interface Unlike {
  readonly sources: readonly FrameLine[];
  readonly results: readonly PlacedLine[];
}

/** Those of which the others have not the same text. */
function withoutCommon(sources: readonly FrameLine[], results: readonly PlacedLine[]): Unlike {
  return {
    sources: surplus(sources, ({ example }) => example.line, toMultiset(results.map(({ line }) => line))),
    results: surplus(results, ({ line }) => line, toMultiset(sources.map(({ example }) => example.line))),
  };
}

function surplus<T>(all: readonly T[], textOf: (one: T) => string, others: ReadonlyMap<string, number>): T[] {
  const left = new Map(others);
  return all.filter((one) => {
    const count = left.get(textOf(one)) ?? 0;
    left.set(textOf(one), count - 1);
    return count <= 0;
  });
}

function zip({ sources, results }: Unlike): readonly FrameFault[] {
  return Array.from({ length: Math.max(sources.length, results.length) }, (_, at) =>
    paired(sources[at], results[at]),
  );
}

function paired(source: FrameLine | undefined, result: PlacedLine | undefined): FrameFault {
  return { ...(source && { source }), ...(result && { result }) };
}
