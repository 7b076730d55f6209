import { type KeepPlan, mergePlans } from '@keepset/keep-planner';
import { runIn } from './run-in.js';
import type { RunScope } from './run-scope.js';
import { type ProvenRun, requireSuccess, type SourceRun } from './source-run.js';
import { traceSource } from './trace-source.js';

/**
 * Trace each command by itself, in a container of its own; what is kept is what any of them used.
 *
 * @throws ShrinkError COMMAND_FAILED, …; TracerError; EngineError; PlanError
 */
export async function traceAll(
  scopes: readonly RunScope[],
): Promise<{ readonly runs: readonly ProvenRun[]; readonly plan: KeepPlan }> {
  const runs: ProvenRun[] = [];
  const plans: KeepPlan[] = [];
  for (const [index, scope] of scopes.entries()) {
    const { run, plan } = await traceSource(scope, { isFirst: index === 0 });
    requireSuccess(scope, run);
    runs.push({ ...scope, run });
    plans.push(plan);
  }
  return { runs, plan: plans.reduce(mergePlans) };
}

/**
 * Run each command without tracing it: what a keep list that was made before is verified against.
 *
 * @throws ShrinkError COMMAND_FAILED; EngineError COMMAND_NOT_FOUND, …
 */
export async function runAllPlainly(scopes: readonly RunScope[]): Promise<readonly ProvenRun[]> {
  const runs: ProvenRun[] = [];
  for (const [index, scope] of scopes.entries()) {
    const run = await runPlainly(scope, index === 0);
    requireSuccess(scope, run);
    runs.push({ ...scope, run });
  }
  return runs;
}

async function runPlainly({ work, source }: RunScope, isFirst: boolean): Promise<SourceRun> {
  const { stages, streams } = work;
  return await stages.run('run', source.command.join(' '), async () => {
    const run = await runIn(work, source.image.id, {
      name: 'source',
      first: isFirst,
      onOutput: streams.onOutput,
    });
    const { exitStatus } = run;
    if (exitStatus === undefined) throw run.failure;
    return [{ ...run, exitStatus }, `exit status ${exitStatus}`] as const;
  });
}
