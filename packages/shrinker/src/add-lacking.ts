import type { ListedPolicy } from '@keepset/keep-planner';
import type { Repair } from '@keepset/manifest';
import type { PlannedRuns } from './plan/trace-all.js';
import type { Proof, ProofSteps } from './proof/prove-result.js';
import { repairAll, toRepairs } from './proof/repair.js';
import type { Run } from './run/run.js';
import type { Source } from './source/open-source.js';
import type { LackingRuns } from './trace-file/replay.js';

/** A plan with what results of it turned out to lack. */
type Completed = Pick<Proof, 'plan' | 'listed' | 'repairs' | 'repaired'>;

/**
 * Add to a plan what results of it lacked when they were run elsewhere: as a repair does whose runs were traced before.
 *
 * @param lacking  each round in turn
 * @throws PlanError, EngineError
 */
export async function addLacking(
  source: Source,
  { plan }: Pick<PlannedRuns, 'plan'>,
  lacking: readonly LackingRuns[],
  { keep, progress }: Pick<ProofSteps, 'keep' | 'progress'>,
): Promise<Completed> {
  let state = { plan, listed: keep.listed ?? ('drop' as ListedPolicy) };
  const repairs: Repair[] = [];
  const repaired = new Set<string>();
  for (const [index, { runs, differences }] of lacking.entries()) {
    const round = index + 1;
    const logs = new Map(runs.map((saved) => [saved.run, saved.logs]));
    const trace = async (run: Run) => {
      const saved = logs.get(run);
      if (saved === undefined) throw new Error(`there is no trace of '${run.name}'`);
      return { logs: saved, async [Symbol.asyncDispose]() {} };
    };
    const failing = runs.map(({ run, facts }) => ({
      run: { run, trace: facts },
      differences: differences.get(run.name) ?? [],
    }));
    // Which image it is made no difference any more.
    const repair = { ...state, image: source.image, round };
    for (const found of await repairAll(source, { runner: { trace }, keep, progress }, failing, repair)) {
      repairs.push(...toRepairs(round, found));
      for (const path of found.missing.paths) repaired.add(path);
      state = found.missing;
    }
  }
  return { ...state, repairs, repaired };
}
