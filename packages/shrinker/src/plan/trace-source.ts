import { type KeepPlan, mergePlans } from '@keepset/keep-planner';
import { printPath } from '@keepset/strace-parser';
import type { Progress } from '../progress.js';
import { askedRun } from '../run/asked-run.js';
import { requireAnswers } from '../run/record-steps.js';
import { commandOf, prefixOf, type Run } from '../run/run.js';
import type { OnOutput, Runner } from '../run/runner.js';
import type { SourceRun, TraceFacts } from '../run/source-run.js';
import type { TracedEnd } from '../run/trace-in-image.js';
import type { Source } from '../source/open-source.js';
import { type KeepOptions, planRun } from './plan-run.js';
import { privilegedPrograms } from './privileged-programs.js';

export interface TraceSourceOptions {
  readonly keep: KeepOptions;
  /** Trace the command twice, and keep what either run used. */
  readonly twice: boolean;
  /** See `TraceRequest.allCallsBut`. */
  readonly allCallsBut?: readonly string[];
  readonly onOutput: OnOutput;
  /** Called when a run has started to be traced; more than once where it is traced again. */
  readonly onStarted?: (run: Run) => void;
  /** Called when one has ended, and answered what was asked of it. */
  readonly onEnded?: (run: Run) => void;
  readonly progress: Progress;
}

/** A traced run of the source, and what it leads to. */
export interface TracedSource extends AsyncDisposable {
  readonly run: SourceRun & { readonly trace: TraceFacts };
  readonly plan: KeepPlan;
}

/**
 * Run a command in the source under strace and plan what to keep; twice, where the fast way of tracing would take
 * from it what a setuid program gains, or where the caller wants to know whether runs differ.
 *
 * @throws ShrinkError COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, TRACE_INCOMPLETE, …; PlanError; TracerError; EngineError
 */
export async function traceSource(
  source: Source,
  runner: Runner,
  run: Run,
  options: TraceSourceOptions,
): Promise<TracedSource> {
  const first = await traceOnce(source, runner, run, { ...options, seccompFilter: true });
  const privileged = await findPrivileged(source, first);
  const isAgain = privileged !== undefined && !first.ended.asOwnUser;
  if (privileged !== undefined) noteRights(privileged, isAgain, options.progress);
  // What the first one printed is wrong where a program lacked the rights that it would have gained.
  const traced = isAgain ? await traceOnce(source, runner, run, { ...options, seccompFilter: false }) : first;
  if (isAgain) await first[Symbol.asyncDispose]();
  if (!options.twice) return traced;
  const silent = { ...options, seccompFilter: !isAgain, onOutput: () => {} };
  await using second = await traceOnce(source, runner, run, silent);
  return joined(traced, second);
}

async function findPrivileged(source: Source, { plan, run }: TracedSource): Promise<string | undefined> {
  const tree = await source.tree();
  const { executed } = plan;
  const reader = await source.reader();
  const capable = await reader.readCapable(executed.filter((path) => tree.get(path)?.type === 'file'));
  return privilegedPrograms(executed, tree, run.trace.identity, capable)[0];
}

function noteRights(program: string, isAgain: boolean, progress: Pick<Progress, 'note'>): void {
  const name = printPath(program);
  if (isAgain)
    progress.note(
      'TRACED_AGAIN',
      `the command executes ${name}, which changes its rights: running it once more, in the slower way that lets it`,
    );
  else
    progress.note(
      'RIGHTS_WITHHELD',
      `the command executes ${name}, which would change its rights; the engine forbids a tracer that may let it (root, with SYS_PTRACE), so it ran without them, and what it does with them is not in the trace`,
    );
}

/** What either of two runs leads to, as if it were the first run's. */
function joined(first: TracedSource, second: TracedSource): TracedSource {
  const { run, plan } = first;
  const unsteady = [...usedPaths(plan).symmetricDifference(usedPaths(second.plan))].sort();
  return {
    run: { ...run, trace: { ...run.trace, unsteady } },
    plan: mergePlans(plan, second.plan),
    [Symbol.asyncDispose]: () => first[Symbol.asyncDispose](),
  };
}

function usedPaths({ kept }: KeepPlan): Set<string> {
  const used = [...kept.values()].filter(({ reasons }) => reasons.some(({ kind }) => kind === 'access'));
  return new Set(used.map(({ path }) => path));
}

async function traceOnce(
  source: Source,
  runner: Runner,
  run: Run,
  {
    seccompFilter,
    allCallsBut,
    keep,
    onOutput,
    onStarted: onRunStarted,
    onEnded,
    progress,
  }: Omit<TraceSourceOptions, 'twice'> & { readonly seccompFilter: boolean },
): Promise<TracedSource & { readonly ended: TracedEnd }> {
  const command = commandOf(run, source);
  const ended = await progress.stage('trace', `${prefixOf(run)}${command.join(' ')}`, async () => {
    const ended = await runner.trace(run, source.image, {
      seccompFilter,
      ...(allCallsBut !== undefined && { allCallsBut }),
      onOutput,
      // Not before: it would slow the start. Awaited after the run, which may fail first.
      onStarted() {
        source.tree().catch(() => {});
        onRunStarted?.(run);
      },
      onWaiting: (seconds) =>
        progress.note(
          'COMMAND_IDLE',
          `the command has done next to nothing for ${seconds} s, listens on no port, and does not end; if it waits for work, interrupt it, and say how long it is to run or what it is to do`,
        ),
      onAwaited: () =>
        progress.note(
          'TRACED_UNDER_INIT',
          'the command waits until it has no child left, and its tracer is one: running it once more, under an init',
        ),
    });
    return [ended, `${prefixOf(run)}${describeEnd(ended)}`] as const;
  });
  try {
    if (ended.failure !== undefined) throw ended.failure;
    await requireAnswers(ended.answers, ended.steps);
    onEnded?.(run);
    const { plan, written, trace } = await planRun(source, run, ended.logs, { keep, progress });
    const left = { ...ended.left, written: async () => written };
    return {
      run: {
        run: askedRun(run, ended.answers),
        command,
        ended: { ...ended, left },
        trace: { ...trace, unasked: ended.unasked },
      },
      plan,
      ended,
      [Symbol.asyncDispose]: () => ended[Symbol.asyncDispose](),
    };
  } catch (error) {
    await ended[Symbol.asyncDispose]();
    throw error;
  }
}

function describeEnd({ exitStatus, readySeconds, steps }: TracedEnd): string {
  if (readySeconds === undefined) return `exit status ${exitStatus}`;
  const asked = steps.length === 0 ? '' : `, ${steps.length} ${steps.length === 1 ? 'answer' : 'answers'}`;
  return `ready after ${readySeconds.toFixed(1)} s${asked}, exit status ${exitStatus}`;
}
