import { countRange } from '../count-range.js';
import { findOrdered, isNoChance } from './find-ordered.js';
import { type LineHold, learnLineMask } from './line-mask.js';
import { equallyOften, type Multiset, toMultiset } from './multiset.js';
import type { Family, Lines } from './sort-lines.js';
import type { TupleMask } from './tuple-mask.js';

/** What lines of one kind may be, wherever they stand. */
export interface FloatingMask {
  readonly holds: LineHold;
  /** Whether there are more of them in one sample than in another. */
  readonly countVaries: boolean;
  /** In what lines of a text are not what they may be; all that is found. */
  check(lines: Lines): readonly FloatingFault[];
}

/** A line that is one too many, and what it has not of what all others have; or one that is lacking. */
type FloatingFault =
  | { readonly extra: string; readonly lacking: readonly string[] }
  | { readonly missing: string };

/** @param tuples  what the lines say together, where that is known */
export function learnFloating({ lines: samples }: Family, tuples?: TupleMask): FloatingMask {
  const mask = learnLineMask([...new Set(samples.flat())]);
  const counts = samples.map(({ length }) => length);
  const [fewest, most] = countRange(counts);
  const isSteady = counts.every((each) => each === counts[0]);
  const required = isSteady ? undefined : learnRequired(samples);
  const example = samples.flat()[0] as string;
  return {
    holds: mask.holds,
    countVaries: !isSteady,
    check(lines) {
      const wrong = lines.filter((line) => !mask.accepts(line));
      if (wrong.length > 0) return wrong.map((extra) => ({ extra, lacking: mask.lacking(extra) }));
      if (lines.length < fewest) {
        const seen = new Set(lines);
        return [{ missing: samples[0]?.find((line) => !seen.has(line)) ?? example }];
      }
      if (lines.length > most) return [{ extra: lines.at(-1) as string, lacking: [] }];
      if (tuples?.accepts(lines) === false)
        return [{ missing: example }, { extra: lines[0] as string, lacking: [] }];
      return required?.(lines) ?? [];
    },
  };
}

/**
 * Of lines of which more or less come: those that each sample has must be there, as often if they are in all of them, and in
 * their order if that is no chance. A progress that ends earlier than ever lacks the last ones: then it ends with the one
 * before these.
 */
function learnRequired(samples: readonly Lines[]): (lines: Lines) => readonly FloatingFault[] {
  const counts = samples.map(toMultiset);
  const [first = new Map()] = counts;
  const inAll = [...first.keys()].filter((line) => counts.every((each) => each.has(line)));
  const often = equallyOften(counts);
  const ordered = orderOf(samples, often);
  const endsVary = new Set(samples.map((lines) => lines.at(-1))).size > 1;
  const fewest = Math.min(...samples.map(({ length }) => length));
  return (lines) => {
    const own = toMultiset(lines);
    const present = endsVary && lines.length < fewest ? withoutLater(inAll, lines) : inAll;
    const faults = present.flatMap((line) => faultsOf(line, own, often));
    return faults.length > 0 ? faults : misplaced(lines, ordered);
  };
}

/** Lines that each sample has once, in the order that they always have. */
function orderOf(samples: readonly Lines[], often: Multiset): readonly string[] {
  const ordered = findOrdered(samples.map((lines) => lines.filter((line) => often.get(line) === 1)));
  return isNoChance(ordered.length, ordered.length, samples.length) ? ordered : [];
}

function misplaced(lines: Lines, ordered: readonly string[]): readonly FloatingFault[] {
  const places = new Map(ordered.map((line, place) => [line, place]));
  let last = -1;
  for (const line of lines) {
    const place = places.get(line) ?? last;
    if (place < last) return [{ extra: line, lacking: [] }];
    last = place;
  }
  return [];
}

function withoutLater(required: readonly string[], lines: Lines): readonly string[] {
  const end = required.indexOf(lines.at(-1) as string);
  return end < 0 ? required : required.slice(0, end + 1);
}

function faultsOf(line: string, own: Multiset, often: Multiset): readonly FloatingFault[] {
  const count = own.get(line) ?? 0;
  const expected = often.get(line) ?? Math.max(1, count);
  if (count === expected) return [];
  return [count < expected ? { missing: line } : { extra: line, lacking: [] }];
}
