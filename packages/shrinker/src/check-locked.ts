import type { Engine } from '@keepset/docker-engine';
import {
  compareKeepLists,
  formatKeepList,
  type KeepListDrift,
  type KeepPlan,
  parseKeepList,
} from '@keepset/keep-planner';
import { openSource } from './open-source.js';
import { mainRun, scopeRun } from './run-scope.js';
import { requireSuccess } from './source-run.js';
import type { StageSeconds } from './stages.js';
import { traceSource } from './trace-source.js';
import { beginWork, type ShrinkStreams, type SourceRequest } from './work.js';

export interface CheckRequest extends SourceRequest {
  /** The text of the keep list that was made before. */
  readonly locked: string;
}

export interface CheckResult {
  readonly drift: KeepListDrift;
  /** The text of keep.txt as it would be now. */
  readonly keepList: string;
  readonly plan: KeepPlan;
  readonly stages: readonly StageSeconds[];
}

/**
 * Trace the command again and tell what it needs that a keep list lacks, and the other way round. No image is made.
 *
 * @throws ShrinkError COMMAND_FAILED, …; PlanError PLAN_BAD_KEEP_LIST, …; EngineError, ToolboxError, TracerError
 */
export async function checkLocked(
  engine: Engine,
  request: CheckRequest,
  streams: ShrinkStreams,
): Promise<CheckResult> {
  const locked = parseKeepList(request.locked);
  await using work = await beginWork(engine, request, streams);
  await using source = await openSource(work, { inBackground: true });
  const scope = scopeRun(work, source, mainRun(request));
  const { run, plan } = await traceSource(scope, { isFirst: true });
  requireSuccess(scope, run);
  return {
    drift: compareKeepLists(locked, plan.kept.values()),
    keepList: formatKeepList(plan.kept.values()),
    plan,
    stages: work.stages.seconds,
  };
}
