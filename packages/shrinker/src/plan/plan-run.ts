import { type KeepPlan, type PlanOptions, planKeep } from '@keepset/keep-planner';
import { type AccessSummary, type FileAccess, printPath } from '@keepset/strace-parser';
import type { Progress } from '../progress.js';
import { mountedPaths } from '../run/mounted-paths.js';
import { notLaunched } from '../run/not-launched.js';
import { commandOf, prefixOf, type Run } from '../run/run.js';
import type { TraceFacts } from '../run/source-run.js';
import type { RunLogs } from '../run/trace-in-image.js';
import { createWriteNotes, type WriteNotes, type WrittenPath, writtenByTrace } from '../run/written-paths.js';
import { toNeeds } from '../source/image-needs.js';
import type { ReadSource } from '../source/open-source.js';
import { toPlannerSource } from '../source/planner-source.js';
import { checkTraceComplete } from './check-trace.js';
import { outlivingPrograms } from './outliving-programs.js';
import { readRunAccesses } from './run-accesses.js';
import { countStarted, type StartedPrograms } from './started-programs.js';

/** What the user wants kept or dropped besides what runs use. */
export type KeepOptions = Omit<PlanOptions, 'needs'>;

/** What the traces of a run lead to. */
export interface PlannedRun {
  readonly plan: KeepPlan;
  /** Where the run wrote. */
  readonly written: readonly WrittenPath[];
  readonly trace: TraceFacts;
}

/**
 * The traces of a run → what to keep.
 *
 * @throws ShrinkError COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, TRACE_INCOMPLETE, …; PlanError
 */
export async function planRun(
  source: ReadSource,
  run: Run,
  logs: RunLogs,
  { keep, progress }: { readonly keep: KeepOptions; readonly progress: Progress },
): Promise<PlannedRun> {
  const notes = createWriteNotes();
  const started = countStarted();
  const { plan, summaries } = await progress.stage('keep', '', async () => {
    const planned = await planLogs(source, run, logs, { keep, notes, started });
    const { size } = await source.tree();
    return [planned, `${prefixOf(run)}${planned.plan.kept.size} of ${size} entries are needed`] as const;
  });
  const [main] = summaries;
  // A service is ended on purpose.
  noteGaps(
    summaries,
    run.service === undefined && main !== undefined ? outlivingPrograms(main) : [],
    progress,
  );
  const mounted = mountedPaths(run.options ?? {}, source.image.config, source.coveredPaths);
  const written = await writtenByTrace(notes, await source.tree(), mounted);
  const killedBy = summaries
    .flatMap(({ exits }) => [...exits.values()])
    .flatMap((end) => (end.how === 'killed' ? [end.signal] : []));
  const processes = summaries.flatMap((summary) => summary.processes);
  const lines = summaries.reduce((sum, summary) => sum + summary.lines, 0);
  const { identity, seccompFilter } = logs;
  const { count: startedPrograms } = started;
  return {
    plan,
    written,
    trace: { identity, lines, seccompFilter, killedBy, startedPrograms, processes, logs },
  };
}

async function planLogs(
  source: ReadSource,
  run: Run,
  logs: RunLogs,
  {
    keep,
    notes,
    started,
  }: { readonly keep: KeepOptions; readonly notes: WriteNotes; readonly started: StartedPrograms },
): Promise<{ readonly plan: KeepPlan; readonly summaries: readonly AccessSummary[] }> {
  const { main, execs } = readRunAccesses(run, source, logs);
  const runs = [noted(main, started), ...execs.map(({ accesses }) => accesses)].map((accesses) => ({
    name: run.name,
    accesses: noted(accesses, notes),
  }));
  // The run, which went first, is over.
  const [plannerSource] = await Promise.all([toPlannerSource(source), source.toForeground()]);
  const plan = await planKeep(runs, plannerSource, {
    ...keep,
    needs: toNeeds(source.image, run.options),
  });
  if (!main.isLaunched) throw notLaunched(commandOf(run, source), logs);
  checkTraceComplete(main.summary, logs.exitStatus);
  for (const { exec, accesses } of execs) checkTraceComplete(accesses.summary, exec.exitStatus);
  return { plan, summaries: [main, ...execs.map(({ accesses }) => accesses)].map(({ summary }) => summary) };
}

/** How many programs a note names. */
const NAMES_MAX = 3;

/** Say what the traces do not show. */
function noteGaps(
  summaries: readonly AccessSummary[],
  outliving: readonly string[],
  progress: Pick<Progress, 'note'>,
): void {
  const unresolved = summaries.reduce((sum, summary) => sum + summary.unresolved, 0);
  if (unresolved > 0)
    progress.note(
      'TRACE_UNRESOLVED',
      `the trace does not show which file ${unresolved} of its calls used (by a handle, or a descriptor from elsewhere): what only they used is missing, unless the verification finds it`,
    );
  for (const { unparsed, unparsedLines } of summaries) {
    const [unread] = unparsedLines;
    if (unread === undefined) continue;
    progress.note(
      'TRACE_UNPARSED',
      `${unparsed} lines of the trace could not be read, the first is line ${unread.line} (${unread.reason})`,
    );
  }
  if (outliving.length === 0) return;
  const names = outliving.slice(0, NAMES_MAX).map(printPath).join(', ');
  progress.note(
    'PROCESSES_OUTLIVED',
    `the command ended while ${names}${outliving.length > NAMES_MAX ? ', …' : ''} ran on beside it, and ended with it: what that would have used later is not known`,
  );
}

async function* noted(
  accesses: AsyncIterable<FileAccess>,
  { note }: Pick<WriteNotes, 'note'>,
): AsyncGenerator<FileAccess> {
  for await (const access of accesses) {
    note(access);
    yield access;
  }
}
