import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine, RunOptions } from '@keepset/docker-engine';
import { type KeepPlan, mergePlans } from '@keepset/keep-planner';
import type { Difference } from '@keepset/run-comparison';
import { type KeepOptions, planRun } from '../plan/plan-run.js';
import type { PlannedRuns } from '../plan/trace-all.js';
import type { Progress } from '../progress.js';
import { commandOf, type Run } from '../run/run.js';
import type { SourceRun } from '../run/source-run.js';
import { ShrinkError } from '../shrink-error.js';
import { findRecordedSource } from '../source/find-recorded-source.js';
import type { ReadSource } from '../source/open-source.js';
import { requireGranted, type TraceGrants } from './asked-again.js';
import { joinTraces, type OpenedTrace, openTrace, type SavedRun } from './open-trace.js';
import { restoreFiles, restoreWritten, type TraceFileFacts } from './saved-run.js';

/** Files of `traceToFile`, and what they do not hold of their runs. */
export interface TraceFiles extends TraceGrants {
  readonly files: readonly string[];
  /**
   * Options of docker run beside those of the files, which do not hold the values of variables; what of theirs reaches
   * beyond the container must be among these. Default none.
   */
  readonly options?: RunOptions;
  /** See `Run.probeEnvironment`. */
  readonly probeEnvironment?: Run['probeEnvironment'];
  /**
   * What results of these runs turned out to lack, in the order in which it was found: it is added, where nothing is
   * verified. Default nothing.
   */
  readonly lacking?: readonly LackingFile[];
}

/** Runs that differed in a result, traced in it. */
export interface LackingFile {
  readonly file: string;
  /** By the name of the run. */
  readonly differences: ReadonlyMap<string, readonly Difference[]>;
}

/** Such a file, opened. */
export interface LackingRuns extends Pick<LackingFile, 'differences'> {
  readonly runs: readonly SavedRun[];
}

/** Trace files that were opened together. */
export interface OpenedTraces {
  readonly source: TraceFileFacts['source'];
  readonly runs: readonly SavedRun[];
  readonly lacking: readonly LackingRuns[];
}

/**
 * Open trace files.
 *
 * @throws ShrinkError TRACE_FILE_INVALID; SOURCES_DIFFER  of each other; TRACE_NOT_TRUSTED  they ask for what only the
 *   caller may ask for
 */
export async function openTraces(
  traced: TraceFiles,
  {
    folder,
    progress,
    isVerified,
  }: {
    readonly folder: string;
    readonly progress: Pick<Progress, 'note'>;
    /** Whether the runs are run again. */
    readonly isVerified: boolean;
  },
): Promise<OpenedTraces> {
  const { files, options = {}, probeEnvironment, lacking = [] } = traced;
  const traces: OpenedTrace[] = [];
  for (const file of [...files, ...lacking.map((each) => each.file)]) {
    const own = join(folder, `trace-${traces.length}`);
    await mkdir(own);
    traces.push(await openTrace(file, own));
  }
  const { source } = joinTraces(traces);
  const { runs } = joinTraces(traces.slice(0, files.length));
  const ofResults = traces.slice(files.length);
  requireGranted(runs, traced);
  const withheld = [...new Set(runs.flatMap(({ facts }) => facts.variables))].filter(
    (name) => !(options.env ?? []).some((variable) => variable.startsWith(`${name}=`)),
  );
  if (withheld.length > 0 && isVerified)
    progress.note(
      'VARIABLES_MISSING',
      `the run had variables whose values are not in the trace: ${withheld.join(', ')}; give them for the verification`,
    );
  const complete = ({ run, ...saved }: SavedRun): SavedRun => ({
    ...saved,
    run: { ...run, options: { ...options, ...run.options }, ...(probeEnvironment && { probeEnvironment }) },
  });
  return {
    source,
    runs: runs.map(complete),
    lacking: lacking.map(({ differences }, at) => ({ differences, runs: ofResults[at]?.runs ?? [] })),
  };
}

/**
 * Find the image that traces are of.
 *
 * @param named  the image that the caller means; undefined: that of the files
 * @throws ShrinkError SOURCES_DIFFER  the image that is named is another; SOURCE_GONE
 */
export async function findTracedSource(
  engine: Engine,
  named: string | undefined,
  { source }: Pick<OpenedTraces, 'source'>,
): Promise<void> {
  const image = named === undefined ? undefined : await engine.inspectImage(named);
  if (image !== undefined) requireSame(image, named, source);
  await findRecordedSource(engine, { source });
}

/** @throws ShrinkError SOURCES_DIFFER */
export function requireSame(
  image: { readonly id: string },
  named: string | undefined,
  source: OpenedTraces['source'],
): void {
  if (image.id !== source.id)
    throw new ShrinkError(
      'SOURCES_DIFFER',
      `'${named}' is the image ${image.id}, and the trace is of ${source.id}`,
      {
        hint: 'Trace it again, or leave the name out: an engine finds the image of the trace by its id. A copy that skopeo made between formats is another image.',
      },
    );
}

/**
 * What runs that were traced before lead to: as if they had been run now.
 *
 * @throws ShrinkError TRACE_INCOMPLETE, …; PlanError
 */
export async function replayAll(
  source: ReadSource,
  saved: readonly SavedRun[],
  options: { readonly keep: KeepOptions; readonly progress: Progress },
): Promise<PlannedRuns> {
  const runs: SourceRun[] = [];
  const plans: KeepPlan[] = [];
  for (const { run, logs, facts, output, steps } of saved) {
    const { plan, trace } = await planRun(source, run, logs, options);
    const { exitStatus, seconds } = facts;
    const files = restoreFiles(facts.files);
    const left = { written: async () => restoreWritten(facts.written), read: async () => files };
    const ended = { exitStatus, seconds, output, steps, answers: [], left, async [Symbol.asyncDispose]() {} };
    const { unasked = [] } = facts;
    runs.push({ run, command: commandOf(run, source), ended, trace: { ...trace, unasked } });
    plans.push(plan);
  }
  return { runs, plan: plans.reduce(mergePlans), async [Symbol.asyncDispose]() {} };
}
