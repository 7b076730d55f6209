import type { ImageDetails } from '@keepset/docker-engine';
import type { KeepPlan, ListedPolicy } from '@keepset/keep-planner';
import type { Repair } from '@keepset/manifest';
import type { Difference } from '@keepset/run-comparison';
import type { Run } from '../run/run.js';
import type { TraceFacts } from '../run/source-run.js';
import type { Source } from '../source/open-source.js';
import { findMissing, type Missing, type ResultTracer } from './find-missing.js';
import { findNamed } from './find-named.js';
import { printDifference } from './print-difference.js';
import type { ProofSteps } from './prove-result.js';

/** What a result is known by when it is repaired. */
export interface RepairState {
  /** Undefined: the engine has it no more. */
  readonly image: ImageDetails | undefined;
  readonly plan: KeepPlan;
  readonly listed: ListedPolicy;
  /** From 1. */
  readonly round: number;
}

/** A run in which a result differs from the source. */
export interface DifferingRun {
  readonly run: { readonly run: Run; readonly trace?: Pick<TraceFacts, 'seccompFilter'> };
  readonly differences: readonly Difference[];
}

/** What a repair needs beside the source. */
export interface RepairSteps extends Pick<ProofSteps, 'keep' | 'progress'> {
  readonly runner: ResultTracer;
}

/** What one run turned out to lack. */
export interface FoundMissing {
  readonly verdict: DifferingRun;
  readonly missing: Missing;
}

/** What the result lacks for each run that differs: each adds to the plan of the one before. */
export async function repairAll(
  source: Source,
  { runner, keep, progress }: RepairSteps,
  failing: readonly DifferingRun[],
  { image, round, ...state }: RepairState,
): Promise<readonly FoundMissing[]> {
  const found: FoundMissing[] = [];
  let { plan, listed } = state;
  for (const verdict of failing) {
    const { run, trace } = verdict.run;
    const missing = await progress.stage('repair', '', async () => {
      const state = { plan, keep, listed };
      const asked =
        image &&
        (await findMissing(source, runner, run, image, {
          ...state,
          name: `repair ${round}`,
          ...(trace && { seccompFilter: trace.seccompFilter }),
        }));
      const missing = asked ?? (await findNamed(source, run, verdict.differences, state));
      const count = missing?.paths.length ?? 0;
      return [missing, count === 0 ? 'nothing more to keep' : `${count} entries more`] as const;
    });
    if (missing === undefined) continue;
    found.push({ verdict, missing });
    ({ plan, listed } = missing);
  }
  return found;
}

/** Of all that is added, what is not only a directory on the way to another. */
export function toRepairs(round: number, { verdict, missing }: FoundMissing): readonly Repair[] {
  const { paths, plan } = missing;
  const [difference] = verdict.differences;
  return paths.flatMap((path) => {
    const reasons = plan.kept.get(path as never)?.reasons ?? [];
    const own = reasons.filter(
      (reason) =>
        (reason.kind === 'access' && reason.run === `repair ${round}`) ||
        (reason.kind === 'rule' && reason.rule !== 'parent'),
    );
    if (own.length === 0) return [];
    const because = difference && printDifference(difference);
    return [{ round, run: verdict.run.run.name, path, reasons: own, ...(because && { because }) }];
  });
}
