import type { ImageDetails } from '@keepset/docker-engine';
import { type KeepPlan, type ListedPolicy, mergePlans, planKeep } from '@keepset/keep-planner';
import type { FileAccess } from '@keepset/strace-parser';
import { type TracedRun, traceRun } from '@keepset/tracer';
import { readRunAccesses } from './run-accesses.js';
import { isOfImage } from './run-in.js';
import type { RunScope } from './run-scope.js';
import { toNeeds, toSourceImage } from './source-image.js';
import type { ProvenRun } from './source-run.js';
import { stdinOf } from './standard-input.js';

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

/**
 * Trace the command in the result, and find what it asked for in vain though the source has it. If there is no such
 * thing, something of a listed directory must be missing: then their entries stay, first by name, then whole.
 *
 * @param id  of the result
 * @param name  of the run: stands in the reasons
 * @param policies  what to do with entries of directories that were listed, the next where the one before adds nothing
 * @returns undefined when there is nothing that could be missing
 * @throws PlanError, TracerError, EngineError
 */
export async function findMissing(
  proven: ProvenRun,
  id: string,
  {
    plan,
    name,
    policies,
  }: { readonly plan: KeepPlan; readonly name: string; readonly policies: readonly ListedPolicy[] },
): Promise<Missing | undefined> {
  const { work, source } = proven;
  const { request } = work;
  const image = await work.engine.inspectImage(id);
  if (image === undefined) return undefined;
  await using traced = await traceResult(proven, image);
  const tree = await source.readTree();
  for (const policy of policies) {
    const streams = traced === undefined ? [] : accessesOf(proven, traced);
    const runs = streams.map((accesses) => ({ name, accesses, ofResult: true }));
    const more = await planKeep(runs, toSourceImage(source.reader, tree), {
      ...request.keep,
      needs: toNeeds(source.image, request.run.workdir),
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
  { work, source, run }: ProvenRun,
  image: ImageDetails,
): Promise<TracedRun | undefined> {
  const { engine, request } = work;
  const { service, secondsMax, environment = {} } = request;
  try {
    return await traceRun(engine, source.toolbox, source.reader, {
      image,
      command: request.command,
      options: request.run,
      seccompFilter: run.trace?.seccompFilter ?? true,
      streams: { ...stdinOf(work, false), onOutput: () => {} },
      serviceImage: source.image,
      ...(secondsMax !== undefined && { secondsMax }),
      ...(service && { service: { service, environment, onStepOutput: () => {} } }),
    });
  } catch (error) {
    if (!isOfImage(error)) throw error;
    return undefined;
  }
}

function accessesOf(scope: RunScope, traced: TracedRun): readonly AsyncIterable<FileAccess>[] {
  const { main, execs } = readRunAccesses(scope, traced, { withAttempts: true });
  return [main, ...execs.map(({ accesses }) => accesses)];
}
