import type { ImageDetails } from '@keepset/docker-engine';
import { type KeepPlan, type ListedPolicy, mergePlans, planKeep } from '@keepset/keep-planner';
import type { FileAccess } from '@keepset/strace-parser';
import type { KeepOptions } from '../plan/plan-run.js';
import { readRunAccesses } from '../plan/run-accesses.js';
import type { Run } from '../run/run.js';
import { isOfImage } from '../run/run-in-image.js';
import type { Runner } from '../run/runner.js';
import type { TracedEnd } from '../run/trace-in-image.js';
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

const POLICIES: readonly ListedPolicy[] = ['drop', 'stub', 'keep'];

/** What can be tried with the entries of listed directories, where this is done with them now. */
export function policiesFrom(listed: ListedPolicy): readonly ListedPolicy[] {
  return POLICIES.slice(POLICIES.indexOf(listed));
}

export interface FindMissingOptions {
  /** By which the result was made. */
  readonly plan: KeepPlan;
  readonly keep: KeepOptions;
  /** Of the run: stands in the reasons. */
  readonly name: string;
  /** What to do with entries of directories that were listed, the next where the one before adds nothing. */
  readonly policies: readonly ListedPolicy[];
  /** As the run was traced in the source. Default true. */
  readonly seccompFilter?: boolean;
}

/**
 * Trace the command in the result, and find what it asked for in vain though the source has it. If there is no such
 * thing, something of a listed directory must be missing: then their entries stay, first by name, then whole.
 *
 * @returns undefined when there is nothing that could be missing
 * @throws PlanError, TracerError, EngineError
 */
export async function findMissing(
  source: Source,
  runner: Runner,
  run: Run,
  result: ImageDetails,
  { plan, keep, name, policies, seccompFilter = true }: FindMissingOptions,
): Promise<Missing | undefined> {
  await using traced = await traceResult(runner, run, result, seccompFilter);
  const plannerSource = await toPlannerSource(source);
  for (const policy of policies) {
    const streams = traced === undefined ? [] : accessesOf(run, source, traced);
    const runs = streams.map((accesses) => ({ name, accesses, ofResult: true }));
    const more = await planKeep(runs, plannerSource, {
      ...keep,
      needs: toNeeds(source.image, run.options?.workdir),
      listed: policy,
      alsoListed: plan.listed,
    });
    const merged = mergePlans(plan, more);
    const paths = [...merged.kept.values()].filter(({ path, stub }) => {
      const before = plan.kept.get(path);
      return before === undefined || (before.stub && !stub);
    });
    if (paths.length > 0) return { plan: merged, paths: paths.map(({ path }) => path), listed: policy };
  }
  return undefined;
}

/** Undefined when not even a container of the result can be made. */
async function traceResult(
  runner: Runner,
  run: Run,
  result: ImageDetails,
  seccompFilter: boolean,
): Promise<TracedEnd | undefined> {
  try {
    return await runner.trace(run, result, { seccompFilter });
  } catch (error) {
    if (!isOfImage(error)) throw error;
    return undefined;
  }
}

/** The launcher's attempts to execute the program count: they may fail. */
function accessesOf(run: Run, source: Source, { logs }: TracedEnd): readonly AsyncIterable<FileAccess>[] {
  const { main, execs } = readRunAccesses(run, source, logs, { withAttempts: true });
  return [main, ...execs.map(({ accesses }) => accesses)];
}
