import type { Engine } from '@keepset/docker-engine';
import {
  compareKeepLists,
  formatKeepList,
  type KeepListDrift,
  type KeepPlan,
  parseKeepList,
} from '@keepset/keep-planner';
import { traceAll } from './plan/trace-all.js';
import { createProgress, type StageSeconds } from './progress.js';
import { holdMounts } from './run/hold-mounts.js';
import { createRunner } from './run/runner.js';
import { shareInput } from './run/shared-input.js';
import { openScratchFolder } from './scratch-folder.js';
import { openSource } from './source/open-source.js';
import { allRuns, checkTraceOptions, type ShrinkStreams, type TraceOptions } from './trace-options.js';

/** Which runs a keep list is held against. */
export interface CheckOptions extends TraceOptions {
  /** The text of the keep list that was made before. */
  readonly locked: string;
}

/** In what a keep list no longer fits. */
export interface CheckResult {
  readonly drift: KeepListDrift;
  /** The text of keep.txt as it would be now. */
  readonly keepList: string;
  readonly plan: KeepPlan;
  readonly stages: readonly StageSeconds[];
}

/**
 * Trace the command again and find what it needs that a keep list lacks, and the other way round. No image is made.
 *
 * @throws ShrinkError COMMAND_FAILED, …; PlanError PLAN_BAD_KEEP_LIST, …; EngineError, ToolboxError, TracerError
 * @example
 * const runs = [{ name: 'main', command: ['cat', '/etc/debian_version'] }];
 * const streams = { onOutput() {}, onEvent() {} };
 * const { drift } = await checkLocked(engine, { image: 'debian:12', runs, locked: keepList }, streams);
 * drift // { added: [], removed: [] }
 */
export async function checkLocked(
  engine: Engine,
  options: CheckOptions,
  { onOutput, onEvent, stdin }: ShrinkStreams,
): Promise<CheckResult> {
  checkTraceOptions(options);
  const locked = parseKeepList(options.locked);
  const { image: reference, platform, toolbox, keep = {}, jobs = 1, traceTwice: twice = false } = options;
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
  const tracing = { keep, jobs, twice, onOutput, progress };
  await using traced = await traceAll(source, runner, allRuns(options, source), tracing);
  const { plan } = traced;
  return {
    drift: compareKeepLists(locked, plan.kept.values()),
    keepList: formatKeepList(plan.kept.values()),
    plan,
    stages: progress.stages,
  };
}
