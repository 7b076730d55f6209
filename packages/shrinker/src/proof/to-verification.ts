import type { HoldCounts, Verification } from '@keepset/manifest';
import type { Place } from '@keepset/run-comparison';
import type { JudgedRun, RunVerdict } from './judge-all.js';
import type { ProofOptions } from './prove-result.js';

/**
 * What all comparisons came to together.
 *
 * @param verdicts  in which nothing differs; of one run several where a repair was confirmed
 */
export function toVerification(
  verdicts: readonly RunVerdict[],
  judged: readonly JudgedRun[],
  { reference = 'untraced' }: Pick<ProofOptions, 'reference'>,
): Verification {
  const last = judged.flatMap(({ run }) => verdicts.findLast((verdict) => verdict.run === run) ?? []);
  // What one of several runs could not be held to, the others do not make up for.
  const inRun = <T extends { readonly where: Place }>(of: (verdict: RunVerdict) => readonly T[]) =>
    judged.flatMap(({ run }) => {
      const all = verdicts.filter((verdict) => verdict.run === run).flatMap(of);
      const byPlace = new Map(all.map((each) => [JSON.stringify(each.where), each]));
      return [...byPlace.values()].map((each) => ({ ...each, run: run.run.name }));
    });
  const notCompared = inRun((verdict) => verdict.notCompared);
  return {
    level: notCompared.length > 0 ? 'verified in part' : 'verified',
    runs: {
      source: last.reduce((sum, { samples }) => sum + samples, 0),
      result: verdicts.reduce((sum, { resultRuns }) => sum + resultRuns, 0),
    },
    reference,
    lines: last.map(({ lines }) => lines).reduce(sumCounts, NONE),
    files: last.map(({ files }) => files).reduce(sumCounts, NONE),
    masked: inRun((verdict) => verdict.masked),
    notCompared,
  };
}

const NONE: HoldCounts = { exactly: 0, byMask: 0, notAtAll: 0 };

function sumCounts(one: HoldCounts, other: HoldCounts): HoldCounts {
  return {
    exactly: one.exactly + other.exactly,
    byMask: one.byMask + other.byMask,
    notAtAll: one.notAtAll + other.notAtAll,
  };
}
