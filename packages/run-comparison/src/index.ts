export type { BinaryVariation } from './compare-content.js';
export { type ComparisonOptions, compareRuns } from './compare-runs.js';
export type { Comparison, Flaky } from './comparison.js';
export type { Difference, FileAspect, Masked, NotCompared, NotComparedReason, Place } from './difference.js';
export {
  type Content,
  type FileState,
  type RunOutcome,
  readBeginning,
  type StepOutcome,
  type StreamName,
  toContent,
} from './run-outcome.js';
export {
  type HoldCounts,
  learnTextMask,
  type SampleLine,
  type TextMask,
  type TextMismatch,
  type TextVariation,
} from './text/text-mask.js';
