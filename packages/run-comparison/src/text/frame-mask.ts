import { noiseShapeOf } from './line-chance.js';
import type { LineMask } from './line-mask.js';
import { toMultiset } from './multiset.js';
import { sortedWords } from './permutation-mask.js';
import { tokenize } from './tokenize.js';

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
  /** Lines are the same, in another order: so many, at most, have changed places with each other. */
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
  const moved = { ...paired(sources[0], results[0]), moved: longestMove(sources, results) };
  if (haveSameWords(sources, results)) return [moved];
  const changed = matched(withoutAccepted(withoutCommon(sources, results)));
  return changed.length === 0 ? [moved] : changed;
}

interface Unlike {
  readonly sources: readonly FrameLine[];
  readonly results: readonly PlacedLine[];
}

/** Whether it is their order alone: the last item of a list has no comma, wherever it stands. */
function haveSameWords(sources: readonly FrameLine[], results: readonly PlacedLine[]): boolean {
  const wordsOf = (lines: readonly string[]) => sortedWords(lines.flatMap(tokenize));
  return (
    sources.length === results.length &&
    wordsOf(sources.map(({ example }) => example.line)) === wordsOf(results.map(({ line }) => line))
  );
}

/** Of lines in another order, how many the longest run has that begins and ends where it was. */
function longestMove(sources: readonly FrameLine[], results: readonly PlacedLine[]): number {
  const balance = new Map<string, number>();
  const add = (line: string, by: number) => {
    const count = (balance.get(line) ?? 0) + by;
    if (count === 0) balance.delete(line);
    else balance.set(line, count);
  };
  let [longest, start] = [0, 0];
  for (const [at, { example }] of sources.entries()) {
    add(example.line, 1);
    add(results[at]?.line ?? '', -1);
    if (balance.size > 0 && at + 1 < sources.length) continue;
    longest = Math.max(longest, at + 1 - start);
    start = at + 1;
  }
  return longest;
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

/** Of more lines, it is not looked for. */
const ACCEPTED_MAX = 100;

/** Without lines that may be one of those that should be there. */
function withoutAccepted({ sources, results }: Unlike): Unlike {
  if (Math.max(sources.length, results.length) > ACCEPTED_MAX) return { sources, results };
  const left = new Set(sources);
  const surplus = results.filter(({ line }) => {
    const source = [...left].find(({ mask }) => mask.accepts(line));
    return source === undefined || !left.delete(source);
  });
  return { sources: [...left], results: surplus };
}

/** Lines of one form are the same line, changed; of the rest, those are that come at one place. */
function matched({ sources, results }: Unlike): readonly FrameFault[] {
  const byShape = Map.groupBy(results, ({ line }) => noiseShapeOf(line));
  const alike = sources.map((source) => ({
    source,
    result: byShape.get(noiseShapeOf(source.example.line))?.shift(),
  }));
  const lacking = alike.filter(({ result }) => result === undefined);
  const left = new Set([...byShape.values()].flat());
  const surplus = results.filter((result) => left.has(result));
  return [
    ...alike.flatMap(({ source, result }) => (result === undefined ? [] : [{ source, result }])),
    ...Array.from({ length: Math.max(lacking.length, surplus.length) }, (_, at) =>
      paired(lacking[at]?.source, surplus[at]),
    ),
  ];
}

function paired(source: FrameLine | undefined, result: PlacedLine | undefined): FrameFault {
  return { ...(source && { source }), ...(result && { result }) };
}
