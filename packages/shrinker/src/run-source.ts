import { type KeepPlan, mergePlans } from '@keepset/keep-planner';
import pMap from 'p-map';
import { isNotStarted, notStarted } from './not-launched.js';
import type { OutputRecord } from './record-output.js';
import { requireAnswers } from './record-steps.js';
import { runIn } from './run-in.js';
import type { RunScope } from './run-scope.js';
import { type ProvenRun, requireSuccess, type SourceRun } from './source-run.js';
import { traceSource } from './trace-source.js';
import type { ShrinkStreams } from './work.js';

/**
 * Trace each command by itself, in a container of its own; what is kept is what any of them used.
 *
 * @param jobs  how many at a time; of more than one, each tells its output when it has ended
 * @throws ShrinkError COMMAND_FAILED, …; TracerError; EngineError; PlanError
 */
export async function traceAll(
  scopes: readonly RunScope[],
  jobs = 1,
): Promise<{ readonly runs: readonly ProvenRun[]; readonly plan: KeepPlan }> {
  const all = await pMap(
    scopes,
    async (scope, index) => {
      const own = jobs > 1 ? silenced(scope) : scope;
      const traced = await unlessMissing(own, traceSource(own, { isFirst: index === 0 }));
      if (traced === undefined) return undefined;
      if (jobs > 1) await replay(traced.run.output, scope.work.streams);
      await requireSuccess(scope, traced.run);
      return { ...scope, ...traced };
    },
    { concurrency: jobs },
  );
  const done = all.filter((each) => each !== undefined);
  return {
    runs: done.map(({ plan: _, ...run }) => run),
    plan: done.map(({ plan }) => plan).reduce(mergePlans),
  };
}

/** Lines of several at once would be nobody's. */
function silenced(scope: RunScope): RunScope {
  const { work } = scope;
  return { ...scope, work: { ...work, streams: { ...work.streams, onOutput: () => {} } } };
}

async function replay(output: OutputRecord, { onOutput }: ShrinkStreams): Promise<void> {
  for (const stream of ['stdout', 'stderr'] as const)
    for await (const bytes of output[stream].read()) await onOutput({ stream, bytes });
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
    await requireSuccess(scope, run);
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
    if (!isOptional || !isNotStarted(code)) throw error;
    work.streams.onEvent({ kind: 'note', message: `${name}: ${(error as Error).message}; it was left out` });
    return undefined;
  }
}

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
    if (exitStatus === undefined) throw notStarted(source.command, run.failure);
    await requireAnswers(run.taken, run.steps);
    return [{ ...run, exitStatus }, `exit status ${exitStatus}`] as const;
  });
}
