import type { ImageDetails } from '@keepset/docker-engine';
import { type KeepPlan, type ListedPolicy, mergePlans, planKeep } from '@keepset/keep-planner';
import { type AskedPath, type FileAccess, readAccesses } from '@keepset/strace-parser';
import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import { type TracedRun, traceRun } from '@keepset/tracer';
import type { Source } from './open-source.js';
import { isOfImage } from './run-in.js';
import { toBytes, toNeeds, toSourceImage } from './source-image.js';
import type { ProvenRun, SourceRun } from './source-run.js';
import { stdinOf } from './standard-input.js';
import { withoutLauncher } from './trace-source.js';
import type { Work } from './work.js';

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

/**
 * Trace the command in the result, and find what it asked for in vain though the source has it. If there is no such
 * thing, something of a listed directory must be missing: then their entries stay, first by name, then whole.
 *
 * @param name  of the run: stands in the reasons
 * @param listed  what was done up to now with entries of directories that were listed
 * @returns undefined when there is nothing that could be missing
 * @throws PlanError, TracerError, EngineError
 */
export async function findMissing(
  { work, source, run }: ProvenRun,
  image: ImageDetails,
  { plan, name, listed }: { readonly plan: KeepPlan; readonly name: string; readonly listed: ListedPolicy },
): Promise<Missing | undefined> {
  const { request } = work;
  await using traced = await traceResult(work, source, image, run);
  const tree = await source.readTree();
  for (const policy of POLICIES.slice(POLICIES.indexOf(listed))) {
    const accesses = traced === undefined ? [] : accessesOf(work, source, traced);
    const more = await planKeep([{ name, accesses, ofResult: true }], toSourceImage(source.reader, tree), {
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
  work: Work,
  source: Source,
  image: ImageDetails,
  run: SourceRun,
): Promise<TracedRun | undefined> {
  const { engine, request } = work;
  try {
    return await traceRun(engine, source.toolbox, source.reader, {
      image,
      command: request.command,
      options: request.run,
      seccompFilter: run.trace?.seccompFilter ?? true,
      streams: { ...stdinOf(work, false), onOutput: () => {} },
    });
  } catch (error) {
    if (!isOfImage(error)) throw error;
    return undefined;
  }
}

async function* accessesOf(
  { request }: Work,
  { image }: Source,
  traced: TracedRun,
): AsyncGenerator<FileAccess> {
  const workingDirectory = request.run.workdir ?? (image.config.WorkingDir || '/');
  const trace = readAccesses(traced.readTrace(), { cwd: toBytes(workingDirectory) as AskedPath });
  let isPrograms = false;
  for await (const access of withoutLauncher(trace)) {
    // The launcher's attempts to execute the program are the first that count: they may fail.
    isPrograms ||= access.action === 'execute' && !access.path.startsWith(`${TOOLBOX_FOLDER}/`);
    if (isPrograms) yield access;
  }
}
