import type { NotCompared } from '@keepset/run-comparison';
import type { MaskedInRun } from './manifest.js';

/**
 * What a proof came to.
 *
 * - `verified`: everything that the source determines was compared, and is the same in the result.
 * - `verified in part`: the same of what was compared; the rest is named.
 * - `not verified`: nobody wanted a proof. (A result that differs is refused.)
 */
export type VerdictLevel = 'verified' | 'verified in part' | 'not verified';

/** How something was held against the result. */
export interface HoldCounts {
  readonly exactly: number;
  /** But for what chance varies in it. */
  readonly byMask: number;
  readonly notAtAll: number;
}

/** Something of a run that was not compared. */
export type NotComparedInRun = NotCompared & { readonly run: string };

/** What was compared of a result, and how it did. */
export interface Verification {
  readonly level: VerdictLevel;
  /** Runs that were compared, all runs of commands together. */
  readonly runs: { readonly source: number; readonly result: number };
  /** Of what the source was: `traced` where nobody wanted a further run. */
  readonly reference: 'untraced' | 'traced';
  readonly lines: HoldCounts;
  readonly files: HoldCounts;
  /** In what runs vary, and are compared only in what stays. */
  readonly masked: readonly MaskedInRun[];
  readonly notCompared: readonly NotComparedInRun[];
}

const NONE: HoldCounts = { exactly: 0, byMask: 0, notAtAll: 0 };

/** Of what nobody compared. */
export const NOT_VERIFIED: Verification = {
  level: 'not verified',
  runs: { source: 0, result: 0 },
  reference: 'untraced',
  lines: NONE,
  files: NONE,
  masked: [],
  notCompared: [],
};

/**
 * What a record says of its result in a word; an older one only says whether it was verified.
 *
 * @example verdictOf({ verified: true }) // 'verified'
 */
export function verdictOf({
  verification,
  verified,
}: {
  readonly verification?: Pick<Verification, 'level'>;
  readonly verified?: boolean | undefined;
}): VerdictLevel {
  return verification?.level ?? (verified === true ? 'verified' : 'not verified');
}
