import type { KeepPlan, ListedPolicy } from '@keepset/keep-planner';
import type { Repair } from '@keepset/manifest';
import type { BuiltResult } from '../publish/build-result.js';
import type { Source } from '../source/open-source.js';
import { findMissing, type Missing } from './find-missing.js';
import { findNamed } from './find-named.js';
import type { RunVerdict } from './judge-all.js';
import { printDifference } from './print-difference.js';
import type { ProofSteps } from './prove-result.js';

/** What a result is known by when it is repaired. */
export interface RepairState {
  readonly result: BuiltResult;
  readonly plan: KeepPlan;
  readonly listed: ListedPolicy;
  /** From 1. */
  readonly round: number;
}

/** What one run turned out to lack. */
export interface FoundMissing {
  readonly verdict: RunVerdict;
  readonly missing: Missing;
}

/** What the result lacks for each run that differs: each adds to the plan of the one before. */
export async function repairAll(
  source: Source,
  { runner, builder, keep, progress }: ProofSteps,
  failing: readonly RunVerdict[],
  { result, round, ...state }: RepairState,
): Promise<readonly FoundMissing[]> {
  const found: FoundMissing[] = [];
  const image = await builder.inspect(result);
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
