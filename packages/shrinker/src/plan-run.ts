import { type KeepPlan, planKeep } from '@keepset/keep-planner';
import { type AccessSummary, type FileAccess, printPath } from '@keepset/strace-parser';
import type { TracedRun } from '@keepset/tracer';
import { checkTraceComplete } from './check-trace.js';
import { notLaunched } from './not-launched.js';
import { outlivingPrograms } from './outliving-programs.js';
import { readRunAccesses } from './run-accesses.js';
import type { RunScope } from './run-scope.js';
import { toNeeds, toSourceImage } from './source-image.js';
import type { SourceRun } from './source-run.js';
import { createWriteNotes, mountedIn, type WriteNotes, writtenByTrace } from './written-paths.js';

/** How many programs a note names. */
const NAMES_MAX = 3;

/** What strace wrote of one run, wherever it lies. */
export interface RunLogs
  extends Pick<TracedRun, 'exitStatus' | 'complaint' | 'identity' | 'readTrace' | 'execTraces'> {
  /** Whether only some calls were traced. */
  readonly seccompFilter: boolean;
}

/** What the traces of a run lead to. */
export interface PlannedRun extends Required<Pick<SourceRun, 'written' | 'trace'>> {
  readonly plan: KeepPlan;
}

/**
 * The traces of a run → what to keep.
 *
 * @throws ShrinkError COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, TRACE_INCOMPLETE, …; PlanError
 */
export async function planRun(scope: RunScope, logs: RunLogs): Promise<PlannedRun> {
  const { work, source } = scope;
  const notes = createWriteNotes();
  const { plan, summaries } = await work.stages.run('keep', '', () => planLogs(scope, logs, notes));
  const written = await writtenByTrace(notes, await source.readTree(), mountedIn(scope));
  const killedBy = summaries
    .flatMap(({ exits }) => [...exits.values()])
    .flatMap((end) => (end.how === 'killed' ? [end.signal] : []));
  const processes = summaries.flatMap((summary) => summary.processes);
  const lines = summaries.reduce((sum, summary) => sum + summary.lines, 0);
  const { identity, seccompFilter } = logs;
  return { plan, written, trace: { identity, lines, seccompFilter, killedBy, processes, logs } };
}

async function planLogs(
  scope: RunScope,
  run: RunLogs,
  notes: WriteNotes,
): Promise<readonly [{ plan: KeepPlan; summaries: readonly AccessSummary[] }, string]> {
  const {
    name,
    work: { request, streams },
    source: { image, reader, readTree, command },
  } = scope;
  const { main, execs } = readRunAccesses(scope, run);
  const runs = [main, ...execs.map(({ accesses }) => accesses)].map((accesses) => ({
    name,
    accesses: noted(accesses, notes),
  }));
  // The run, which went first, is over.
  const [known] = await Promise.all([readTree(), reader.toForeground()]);
  const plan = await planKeep(runs, toSourceImage(reader, known), {
    ...request.keep,
    needs: toNeeds(image, request.run.workdir),
  });
  if (!main.isLaunched) throw notLaunched(command, run);
  checkTraceComplete(main.summary, run.exitStatus);
  for (const { exec, accesses } of execs) checkTraceComplete(accesses.summary, exec.exitStatus);
  const summaries = [main, ...execs.map(({ accesses }) => accesses)].map(({ summary }) => summary);
  const unresolved = summaries.reduce((sum, summary) => sum + summary.unresolved, 0);
  if (unresolved > 0)
    streams.onEvent({
      kind: 'note',
      message: `the trace does not tell of which file ${unresolved} of its calls were (by a handle, or a descriptor from elsewhere): what only they used is missing, unless the verification finds it`,
    });
  for (const { unparsed, unparsedLines } of summaries) {
    const [unread] = unparsedLines;
    if (unread === undefined) continue;
    const message = `${unparsed} lines of the trace could not be read, the first is line ${unread.line} (${unread.reason})`;
    streams.onEvent({ kind: 'note', message });
  }
  // A service is ended on purpose.
  const outliving = request.service === undefined ? outlivingPrograms(main.summary) : [];
  if (outliving.length > 0) {
    const names = outliving.slice(0, NAMES_MAX).map(printPath).join(', ');
    const message = `the command ended while ${names}${outliving.length > NAMES_MAX ? ', …' : ''} ran on beside it, and ended with it: what that would have used later is not known`;
    streams.onEvent({ kind: 'note', message });
  }
  return [{ plan, summaries }, `${plan.kept.size} of ${known.size} entries`];
}

async function* noted(accesses: AsyncIterable<FileAccess>, { note }: WriteNotes): AsyncGenerator<FileAccess> {
  for await (const access of accesses) {
    note(access);
    yield access;
  }
}
