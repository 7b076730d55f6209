import { type Engine, toContainerConfig } from '@keepset/docker-engine';
import type { ImageTree } from '@keepset/image-tree';
import type { Inventory } from '@keepset/inventory';
import type { KeepPlan } from '@keepset/keep-planner';
import { openSource } from './open-source.js';
import { type NamedCommand, scopeRun } from './run-scope.js';
import { inventoryImage, tellWarnings } from './source-inventory.js';
import { requireSuccess } from './source-run.js';
import { traceSource } from './trace-source.js';
import { beginWork, type ShrinkStreams, type SourceRequest } from './work.js';

/** Several commands in one source. */
export interface TraceRunsRequest extends Omit<SourceRequest, 'command'> {
  /** At least one, each name once. */
  readonly runs: readonly NamedCommand[];
}

/** What each command needs of the source. */
export interface TracedRuns {
  readonly tree: ImageTree;
  readonly inventory: Inventory;
  /** In the order given. */
  readonly runs: readonly { readonly name: string; readonly plan: KeepPlan }[];
}

/**
 * Trace commands one after another, each in a container of its own, and plan what each needs alone. No image is made.
 *
 * @throws ShrinkError COMMAND_FAILED, …; PlanError; EngineError; ToolboxError; TracerError
 */
export async function traceRuns(
  engine: Engine,
  { runs, ...request }: TraceRunsRequest,
  streams: ShrinkStreams,
): Promise<TracedRuns> {
  for (const { command } of runs) toContainerConfig(request.image, command, request.run);
  await using work = await beginWork(engine, { ...request, command: runs[0]?.command ?? [] }, streams);
  await using source = await openSource(work, { inBackground: true });
  const traced: { name: string; plan: KeepPlan }[] = [];
  for (const [index, command] of runs.entries()) {
    const scope = scopeRun(work, source, command);
    const { run, plan } = await traceSource(scope, { isFirst: index === 0 });
    await requireSuccess(scope, run);
    traced.push({ name: scope.name, plan });
  }
  const tree = await source.readTree();
  const inventory = tellWarnings(work, await inventoryImage(tree, source.reader));
  return { tree, inventory, runs: traced };
}
