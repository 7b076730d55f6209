import type { Engine } from '@keepset/docker-engine';
import {
  compareKeepLists,
  formatKeepList,
  type KeepListDrift,
  type KeepPlan,
  parseKeepList,
} from '@keepset/keep-planner';
import { openSource } from './open-source.js';
import { traceAll } from './run-source.js';
import { checkCommands, commandsOf, type RunWishes, scopeRuns, withFirstCommand } from './scope-runs.js';
import type { StageSeconds } from './stages.js';
import { beginWork, type ShrinkStreams, type SourceRequest } from './work.js';

export interface CheckRequest extends SourceRequest, RunWishes {
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
  checkCommands(request, commandsOf(request));
  const locked = parseKeepList(request.locked);
  await using work = await beginWork(engine, withFirstCommand(request), streams);
  await using source = await openSource(work, { inBackground: true });
  const { plan } = await traceAll(scopeRuns(work, source, request), request.jobs);
  return {
    drift: compareKeepLists(locked, plan.kept.values()),
    keepList: formatKeepList(plan.kept.values()),
    plan,
    stages: work.stages.seconds,
  };
}
