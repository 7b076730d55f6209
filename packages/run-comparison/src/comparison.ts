import type { Difference, Masked, NotCompared } from './difference.js';
import type { HoldCounts } from './text/text-mask.js';

/** A program that does not always end in the same way. */
export interface Flaky {
  /** Of what was asked of the run, not of the run itself. */
  readonly step?: string;
  /** Of each sample, in order. */
  readonly statuses: readonly number[];
}

/** Whether a run did what the samples did, and how far that can be told. */
export interface Comparison {
  /** Empty: the result does what the samples do, in all that was compared. */
  readonly differences: readonly Difference[];
  /** What varies between the samples, and is held against the result only in what stays. */
  readonly masked: readonly Masked[];
  /** What was not, or not as a whole, held against the result. */
  readonly notCompared: readonly NotCompared[];
  /** What ends in several ways in the samples. */
  readonly flaky: readonly Flaky[];
  /**
   * Whether a further sample may explain all differences. It is a hint, never a verdict: with enough samples it is false, and
   * until then a result with differences is neither right nor wrong.
   */
  readonly isLikeNoise: boolean;
  /** Lines of the result's output, by how they were held. */
  readonly lines: HoldCounts;
  /** Files that the result wrote, without directories, by how they were held. */
  readonly files: HoldCounts;
}

/** Of what there is nothing. */
export const NO_COUNTS: HoldCounts = { exactly: 0, byMask: 0, notAtAll: 0 };

/** What a comparison of nothing says. */
export const NOTHING: Comparison = {
  differences: [],
  masked: [],
  notCompared: [],
  flaky: [],
  isLikeNoise: true,
  lines: NO_COUNTS,
  files: NO_COUNTS,
};

export function sum(one: Comparison, other: Comparison): Comparison {
  return {
    differences: [...one.differences, ...other.differences],
    masked: [...one.masked, ...other.masked],
    notCompared: [...one.notCompared, ...other.notCompared],
    flaky: [...one.flaky, ...other.flaky],
    isLikeNoise: one.isLikeNoise && other.isLikeNoise,
    lines: sumCounts(one.lines, other.lines),
    files: sumCounts(one.files, other.files),
  };
}

function sumCounts(one: HoldCounts, other: HoldCounts): HoldCounts {
  return {
    exactly: one.exactly + other.exactly,
    byMask: one.byMask + other.byMask,
    notAtAll: one.notAtAll + other.notAtAll,
  };
}
