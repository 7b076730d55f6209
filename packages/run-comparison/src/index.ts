export type { BinaryVariation } from './compare-content.js';
export { type Comparison, type ComparisonOptions, compareRuns } from './compare-runs.js';
export type { Difference, FileAspect, Masked } from './difference.js';
export {
  type Content,
  type FileState,
  type RunOutcome,
  type StepOutcome,
  type StreamName,
  toContent,
} from './run-outcome.js';
export { learnTextMask, type TextMask, type TextMismatch, type TextVariation } from './text/text-mask.js';
