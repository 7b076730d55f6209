import type { Engine } from '@keepset/docker-engine';
import type { KeepPlan } from '@keepset/keep-planner';
import type { PlannedRuns } from '@keepset/manifest';
import { traceSource } from './plan/trace-source.js';
import { createProgress } from './progress.js';
import { holdMounts } from './run/hold-mounts.js';
import { requireSuccess } from './run/require-success.js';
import { createRunner } from './run/runner.js';
import { shareInput } from './run/shared-input.js';
import { openScratchFolder } from './scratch-folder.js';
import { inventoryImage, warnOfDatabases } from './source/inventory-image.js';
import { openSource } from './source/open-source.js';
import { allRuns, checkTraceOptions, type ShrinkStreams, type TraceOptions } from './trace-options.js';

/** The source and its runs. */
export type TraceRunsOptions = Omit<TraceOptions, 'jobs' | 'healthCheck'>;

/**
 * Trace commands one after another, each in a container of its own, and plan what each needs alone. No image is made.
 *
 * @returns what `@keepset/manifest` counts the costs of
 * @throws ShrinkError COMMAND_FAILED, …; PlanError; EngineError; ToolboxError; TracerError
 * @example
 * const runs = [{ name: 'date', command: ['date'] }, { name: 'ls', command: ['ls', '/'] }];
 * const planned = await traceRuns(engine, { image: 'debian:12', runs }, { onOutput() {}, onEvent() {} });
 * costOf(toSourceRuns(planned)).runs.map(({ run }) => run) // ['date', 'ls']
 */
export async function traceRuns(
  engine: Engine,
  options: TraceRunsOptions,
  { onOutput, onEvent, stdin }: ShrinkStreams,
): Promise<PlannedRuns> {
  checkTraceOptions(options);
  const { image: reference, platform, toolbox, keep = {}, traceTwice: twice = false } = options;
  const progress = createProgress(onEvent);
  await using scratch = await openScratchFolder();
  await using source = await openSource(
    engine,
    { reference, platform, toolbox, inBackground: true },
    progress,
  );
  const input = shareInput(stdin, scratch.path);
  await using mounts = await holdMounts(engine, source, {}, progress);
  const runner = createRunner({ engine: mounts.engine, source, input, folder: scratch.path });
  const runs: { name: string; plan: KeepPlan }[] = [];
  for (const run of allRuns({ ...options, healthCheck: false }, source)) {
    await using traced = await traceSource(source, runner, run, { keep, twice, onOutput, progress });
    await requireSuccess(run, traced.run.ended);
    runs.push({ name: run.name, plan: traced.plan });
  }
  const tree = await source.tree();
  const inventory = await inventoryImage(tree, await source.heads());
  warnOfDatabases(progress, inventory);
  return { tree, inventory, runs };
}
