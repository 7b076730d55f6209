import { AsyncDisposableStack } from '@keepset/docker-engine';
import { type KeepPlan, mergePlans } from '@keepset/keep-planner';
import pMap from 'p-map';
import type { Progress } from '../progress.js';
import { askedRun } from '../run/asked-run.js';
import { isNotStarted, notStarted } from '../run/not-launched.js';
import type { OutputRecord } from '../run/record-output.js';
import { requireAnswers } from '../run/record-steps.js';
import { requireSuccess } from '../run/require-success.js';
import { commandOf, prefixOf, type Run } from '../run/run.js';
import type { OnOutput, Runner } from '../run/runner.js';
import type { SourceRun } from '../run/source-run.js';
import type { Source } from '../source/open-source.js';
import { type TraceSourceOptions, traceSource } from './trace-source.js';

/** Runs of the source that have ended, and what to keep for them. */
export interface PlannedRuns extends AsyncDisposable {
  readonly runs: readonly SourceRun[];
  readonly plan: KeepPlan;
}

export interface TraceAllOptions extends TraceSourceOptions {
  /** How many at a time; of more than one, each shows its output when it has ended. */
  readonly jobs: number;
}

/**
 * Trace each command by itself, in a container of its own; what is kept is what any of them used.
 *
 * @throws ShrinkError COMMAND_FAILED, …; TracerError; EngineError; PlanError
 */
export async function traceAll(
  source: Source,
  runner: Runner,
  runs: readonly Run[],
  { jobs, ...options }: TraceAllOptions,
): Promise<PlannedRuns> {
  await using opened = new AsyncDisposableStack();
  const all = await pMap(
    runs,
    async (run) => {
      const shown: OnOutput = run.silent ? () => {} : options.onOutput;
      // Lines of several at once would be nobody's.
      const onOutput = jobs > 1 ? () => {} : shown;
      const traced = await unlessMissing(
        run,
        traceSource(source, runner, run, { ...options, onOutput }),
        options.progress,
      );
      if (traced === undefined) return undefined;
      opened.use(traced);
      if (jobs > 1) await replay(traced.run.ended.output, shown);
      await requireSuccess(run, traced.run.ended);
      return traced;
    },
    { concurrency: jobs },
  );
  const done = all.filter((each) => each !== undefined);
  const held = opened.move();
  return {
    runs: done.map(({ run }) => run),
    plan: done.map(({ plan }) => plan).reduce(mergePlans),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function replay(output: OutputRecord, onOutput: OnOutput): Promise<void> {
  for (const stream of ['stdout', 'stderr'] as const)
    for await (const bytes of output[stream].read()) await onOutput({ stream, bytes });
}

/** Undefined where the image lacks the program, and can do without it. */
async function unlessMissing<T>(
  { name, optional = false }: Run,
  run: Promise<T>,
  progress: Pick<Progress, 'note'>,
): Promise<T | undefined> {
  try {
    return await run;
  } catch (error) {
    const { code } = Object(error) as { code?: unknown };
    if (!optional || !isNotStarted(code)) throw error;
    progress.note('RUN_LEFT_OUT', `${name}: ${(error as Error).message}; it was left out`);
    return undefined;
  }
}

/**
 * Run each command without tracing it: what a keep list that was made before is verified against.
 *
 * @throws ShrinkError COMMAND_FAILED; EngineError COMMAND_NOT_FOUND, …
 */
export async function runAllPlainly(
  source: Source,
  runner: Runner,
  runs: readonly Run[],
  { onOutput, progress }: Pick<TraceSourceOptions, 'onOutput' | 'progress'>,
): Promise<Omit<PlannedRuns, 'plan'>> {
  await using opened = new AsyncDisposableStack();
  const done: SourceRun[] = [];
  for (const run of runs) {
    const shown: OnOutput = run.silent ? () => {} : onOutput;
    const ended = await unlessMissing(
      run,
      runPlainly(source, runner, run, { onOutput: shown, progress }),
      progress,
    );
    if (ended === undefined) continue;
    opened.use(ended.ended);
    await requireSuccess(run, ended.ended);
    done.push(ended);
  }
  const held = opened.move();
  return { runs: done, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

async function runPlainly(
  source: Source,
  runner: Runner,
  run: Run,
  { onOutput, progress }: Pick<TraceSourceOptions, 'onOutput' | 'progress'>,
): Promise<SourceRun> {
  const command = commandOf(run, source);
  return await progress.stage('run', `${prefixOf(run)}${command.join(' ')}`, async () => {
    const ended = await runner.run(run, source.image.id, { role: 'source', onOutput });
    const { exitStatus } = ended;
    try {
      if (exitStatus === undefined) throw notStarted(command, ended.failure);
      await requireAnswers(ended.answers, ended.steps);
    } catch (error) {
      await ended[Symbol.asyncDispose]();
      throw error;
    }
    const asked = askedRun(run, ended.answers);
    return [
      { run: asked, command, ended: { ...ended, exitStatus } },
      `${prefixOf(run)}exit status ${exitStatus}`,
    ] as const;
  });
}
