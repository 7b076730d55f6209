import type { ImageDetails } from '@keepset/docker-engine';
import { type ImageTree, sumBytes } from '@keepset/image-tree';
import { type KeepPlan, type ListedPolicy, mergePlans, planKeep } from '@keepset/keep-planner';
import type { FileAccess } from '@keepset/strace-parser';
import type { KeepOptions } from '../plan/plan-run.js';
import { readRunAccesses } from '../plan/run-accesses.js';
import type { Run } from '../run/run.js';
import { isOfImage } from '../run/run-in-image.js';
import type { TracedEnd, TraceInImageOptions } from '../run/trace-in-image.js';
import { toNeeds } from '../source/image-needs.js';
import type { Source } from '../source/open-source.js';
import { toPlannerSource } from '../source/planner-source.js';

/** What a result turned out to lack. */
export interface Missing {
  /** The old plan with it. */
  readonly plan: KeepPlan;
  /** What the plan has more, sorted; also files that it had only as stubs. */
  readonly paths: readonly string[];
  /** What is done from now on with entries of directories that were listed. */
  readonly listed: ListedPolicy;
}

export interface FindMissingOptions {
  /** By which the result was made. */
  readonly plan: KeepPlan;
  readonly keep: KeepOptions;
  /** Of the run: stands in the reasons. */
  readonly name: string;
  /** What was done so far with entries of directories that were listed. */
  readonly listed: ListedPolicy;
  /** As the run was traced in the source. Default true. */
  readonly seccompFilter?: boolean;
}

/** Traces a run in a result. Disposing of what it gives removes the traces. */
export interface ResultTracer {
  trace(
    run: Run,
    image: ImageDetails,
    options: TraceInImageOptions,
  ): Promise<Pick<TracedEnd, 'logs'> & AsyncDisposable>;
}

/**
 * Trace the command in the result, and find what it asked for in vain though the source has it. If there is no such
 * thing, something of a listed directory must be missing: then their entries come back, whole, or as empty stand-ins
 * first where they are large.
 *
 * @returns undefined when there is nothing that could be missing
 * @throws PlanError, TracerError, EngineError
 */
export async function findMissing(
  source: Source,
  runner: ResultTracer,
  run: Run,
  result: ImageDetails,
  { plan, keep, name, listed, seccompFilter = true }: FindMissingOptions,
): Promise<Missing | undefined> {
  await using traced = await traceResult(runner, run, result, seccompFilter);
  const plannerSource = await toPlannerSource(source);
  const tree = await source.tree();
  const planWith = async (policy: ListedPolicy): Promise<Missing | undefined> => {
    const streams = traced === undefined ? [] : accessesOf(run, source, traced);
    const more = await planKeep(
      streams.map((accesses) => ({ name, accesses, ofResult: true })),
      plannerSource,
      { ...keep, needs: toNeeds(source.image, run.options), listed: policy, alsoListed: plan.listed },
    );
    return whatIsMore(plan, more, policy);
  };
  const asked = await planWith(listed);
  if (asked !== undefined || listed === 'keep') return asked;
  const whole = await planWith('keep');
  if (whole === undefined || listed === 'stub' || !isLarge(whole, plan, tree)) return whole;
  return (await planWith('stub')) ?? whole;
}

/** Both plans together; undefined where the other has nothing more. */
export function whatIsMore(plan: KeepPlan, other: KeepPlan, listed: ListedPolicy): Missing | undefined {
  const merged = mergePlans(plan, other);
  const paths = [...merged.kept.values()].filter(({ path, stub }) => {
    const before = plan.kept.get(path);
    return before === undefined || (before.stub && !stub);
  });
  return paths.length === 0 ? undefined : { plan: merged, paths: paths.map(({ path }) => path), listed };
}

/** Less is brought back whole: a stand-in is not the file. */
const WHOLE_BYTES_MAX = 5e6;
const WHOLE_SHARE_MAX = 0.05;

/** Whether what is added weighs, beside what is there already. */
function isLarge({ paths }: Missing, plan: KeepPlan, tree: ImageTree): boolean {
  const sizeOf = (all: Iterable<string>) => sumBytes([...all].flatMap((path) => tree.get(path) ?? []));
  const before = sizeOf([...plan.kept.values()].flatMap(({ path, stub }) => (stub ? [] : [path])));
  return sizeOf(paths) > Math.max(WHOLE_BYTES_MAX, WHOLE_SHARE_MAX * before);
}

/** Undefined when not even a container of the result can be made. */
async function traceResult(
  runner: ResultTracer,
  run: Run,
  result: ImageDetails,
  seccompFilter: boolean,
): Promise<(Pick<TracedEnd, 'logs'> & AsyncDisposable) | undefined> {
  try {
    return await runner.trace(run, result, { seccompFilter });
  } catch (error) {
    if (!isOfImage(error)) throw error;
    return undefined;
  }
}

/** The launcher's attempts to execute the program count: they may fail. */
function accessesOf(
  run: Run,
  source: Source,
  { logs }: Pick<TracedEnd, 'logs'>,
): readonly AsyncIterable<FileAccess>[] {
  const { main, execs } = readRunAccesses(run, source, logs, { withAttempts: true });
  return [main, ...execs.map(({ accesses }) => accesses)];
}
