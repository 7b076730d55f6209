import { type Engine, parseTagReference } from '@keepset/docker-engine';
import { type BuiltImage, buildImage } from '@keepset/image-builder';
import { type KeepPlan, parseKeepList, planLocked } from '@keepset/keep-planner';
import { openSource, type Source } from './open-source.js';
import { runPlainly } from './run-plainly.js';
import { type ShrinkResult, toResult } from './shrink-result.js';
import { inventorySource } from './source-inventory.js';
import { requireSuccess } from './source-run.js';
import { traceSource } from './trace-source.js';
import { verifyResult } from './verify-result.js';
import { beginWork, type ShrinkStreams, type SourceRequest, type Work } from './work.js';

export interface ShrinkRequest extends SourceRequest {
  /** NAME[:TAG] of the result, any number of them; none: it stays without a name. */
  readonly tags: readonly string[];
  /** The text of a keep list that was made before: build exactly this, without tracing. `keep` has no part in it. */
  readonly locked?: string;
  /** Run the command in the result and compare, before it gets its name. Default true. */
  readonly verify?: boolean;
  /** ISO 8601, of the result; default: the source's. */
  readonly created?: string;
  /** Of keepset, for history and manifest. */
  readonly version: string;
}

/**
 * Shrink an image to what a command uses: trace, keep, build, verify. The name moves only once the result has proved
 * itself; whatever happens, nothing else is left at the engine.
 *
 * @throws ShrinkError  COMMAND_FAILED, COMMAND_NOT_FOUND, VERIFICATION_FAILED, …
 * @throws EngineError, ToolboxError, TracerError, BuildError, PlanError
 */
export async function shrink(
  engine: Engine,
  request: ShrinkRequest,
  streams: ShrinkStreams,
): Promise<ShrinkResult> {
  const { tags, version } = request;
  const names = tags.map(parseTagReference);
  const locked = request.locked === undefined ? undefined : parseKeepList(request.locked);
  await using work = await beginWork(engine, request, streams);
  await using source = await openSource(work);
  const inventory = inventorySource(work, source);
  const verified = request.verify !== false;
  const { run, plan } =
    locked === undefined
      ? await traceSource(work, source)
      : {
          plan: planLocked(locked, await source.readTree()),
          run: verified ? await runPlainly(work, source.image.id) : undefined,
        };
  if (run !== undefined) requireSuccess(request, run);
  const owners = await inventory;
  const built = await buildResult(work, request, source, plan);
  try {
    const image = await engine.inspectImage(built.id);
    // Nothing more is asked of the source; its removal keeps the engine busy, and need not hold up the start of a run.
    if (verified && run !== undefined) await verifyResult(work, built.id, run, () => work.leave(source));
    for (const name of names) await engine.tagImage(built.id, name);
    return toResult(work, {
      version,
      tags,
      source,
      run,
      plan,
      built,
      tree: await source.readTree(),
      inventory: owners,
      image,
      verified,
    });
  } catch (error) {
    if (!built.existed) await engine.removeImage(built.id);
    throw error;
  }
}

async function buildResult(
  { engine, stages, streams }: Work,
  { version, created }: ShrinkRequest,
  source: Source,
  { kept }: KeepPlan,
): Promise<BuiltImage> {
  return await stages.run('build', `${kept.size} entries`, async () => {
    const built = await buildImage(engine, source.reader, {
      source: source.image,
      paths: [...kept.keys()],
      stubs: new Set([...kept.values()].flatMap(({ path, stub }) => (stub ? [path] : []))),
      createdBy: `shrink ${version}`,
      comment: `from ${source.image.id}`,
      ...(created !== undefined && { created }),
      onBytes: (sizeBytes) =>
        streams.onEvent({ kind: 'stage-progress', stage: 'build', detail: megabytes(sizeBytes) }),
    });
    return [built, megabytes(built.layerBytes)] as const;
  });
}

function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}
