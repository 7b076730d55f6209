import { type KeepPlan, mergePlans } from '@keepset/keep-planner';
import { requireAnswers } from './record-steps.js';
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
    const traced = await unlessMissing(scope, traceSource(scope, { isFirst: index === 0 }));
    if (traced === undefined) continue;
    requireSuccess(scope, traced.run);
    runs.push({ ...scope, run: traced.run });
    plans.push(traced.plan);
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
    const run = await unlessMissing(scope, runPlainly(scope, index === 0));
    if (run === undefined) continue;
    requireSuccess(scope, run);
    runs.push({ ...scope, run });
  }
  return runs;
}

/** Undefined where the image lacks the program, and can do without it. */
async function unlessMissing<T>(
  { name, isOptional, work }: RunScope,
  run: Promise<T>,
): Promise<T | undefined> {
  try {
    return await run;
  } catch (error) {
    const { code } = Object(error) as { code?: unknown };
    if (!isOptional || !MISSING.has(String(code))) throw error;
    work.streams.onEvent({ kind: 'note', message: `${name}: ${(error as Error).message}; it was left out` });
    return undefined;
  }
}

const MISSING: ReadonlySet<string> = new Set([
  'COMMAND_NOT_FOUND',
  'COMMAND_NOT_EXECUTABLE',
  'WRONG_ARCHITECTURE',
]);

async function runPlainly(scope: RunScope, isFirst: boolean): Promise<SourceRun> {
  const { work, source } = scope;
  const { stages, streams } = work;
  return await stages.run('run', source.command.join(' '), async () => {
    const run = await runIn(scope, source.image.id, {
      name: 'source',
      first: isFirst,
      onOutput: streams.onOutput,
    });
    const { exitStatus } = run;
    if (exitStatus === undefined) throw run.failure;
    await requireAnswers(run.taken, run.steps);
    return [{ ...run, exitStatus }, `exit status ${exitStatus}`] as const;
  });
}
