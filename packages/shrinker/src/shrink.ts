import { type Engine, type ImageDetails, parseTagReference } from '@keepset/docker-engine';
import {
  type BuildRequest,
  type BuiltImage,
  buildByRemoval,
  buildImage,
  buildLayered,
  sumLayers,
} from '@keepset/image-builder';
import { type KeepPlan, parseKeepList, parsePathPattern, planLocked } from '@keepset/keep-planner';
import type { ImageReader } from '@keepset/toolbox';
import { buildRemainder } from './build-remainder.js';
import { layersByPackage } from './layers-by-package.js';
import { megabytes } from './make-image.js';
import { openSource, type Source } from './open-source.js';
import { type Proof, type ProofWishes, proveResult } from './prove-result.js';
import {
  checkPublication,
  imageFacts,
  layerFileOf,
  type Publication,
  type Published,
  publishResult,
  pushNames,
} from './publish-result.js';
import { runIn } from './run-in.js';
import { type ShrinkResult, toResult } from './shrink-result.js';
import { inventoryImage, tellWarnings } from './source-inventory.js';
import { requireSuccess, type SourceRun } from './source-run.js';
import { tellGrowth } from './tell-growth.js';
import { traceSource } from './trace-source.js';
import { beginWork, type ShrinkStreams, type SourceRequest, type Work } from './work.js';

export interface ShrinkRequest extends SourceRequest, Publication, ProofWishes {
  /** The text of a keep list that was made before: build exactly this, without tracing. `keep` has no part in it. */
  readonly locked?: string;
  /** Find whose each file of the source is, for the manifest. Default false. */
  readonly inventory?: boolean;
  /**
   * How the result is made: of the kept files alone, or by a Dockerfile that removes the others, flattened. Both make
   * the same image; the second works on any engine that builds, and costs more. Default direct.
   */
  readonly builder?: 'direct' | 'dockerfile';
  /** One layer, or one for each of the larger packages, which images of one source can share. Default one. */
  readonly layers?: 'one' | 'by-package';
  /** NAME[:TAG] of an image that has the rest of the source in a layer above those of the result. */
  readonly remainder?: string;
  /** Run the command in the result and compare, before it gets its name. Default true. */
  readonly verify?: boolean;
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
  checkPublication(request);
  const remainderName = request.remainder === undefined ? undefined : parseTagReference(request.remainder);
  for (const pattern of request.ignoreFiles ?? []) parsePathPattern(pattern);
  const locked = request.locked === undefined ? undefined : parseKeepList(request.locked);
  await using work = await beginWork(engine, request, streams);
  await using source = await openSource(work, { inBackground: locked === undefined });
  const inventory =
    request.inventory === true
      ? source.listed.then((tree) => inventoryImage(tree, source.reader))
      : undefined;
  const verified = request.verify !== false;
  const { run, plan } =
    locked === undefined
      ? await traceSource(work, source)
      : {
          plan: planLocked(locked, await source.readTree()),
          run: verified ? await runPlainly(work, source) : undefined,
        };
  if (run !== undefined) requireSuccess(request, run);
  const owners = inventory && tellWarnings(work, await inventory);
  const digests = new Map<string, string>();
  const build = (plan: KeepPlan, reader: ImageReader) =>
    buildResult(work, request, { ...source, reader }, { plan, digests });
  const proof: Proof =
    verified && run !== undefined
      ? await proveResult(work, { source, run, plan, build, wishes: wishesOf(request) })
      : unproven(request, plan, await build(plan, source.reader));
  const { built } = proof;
  let image: ImageDetails | undefined;
  let published: Published;
  let remainder: BuiltImage | undefined;
  try {
    image = await engine.inspectImage(built.id);
    tellGrowth(work, source.image.sizeBytes, image?.sizeBytes);
    if (remainderName !== undefined)
      remainder = await buildRemainder(work, request, source, { result: built, plan: proof.plan });
    published = await publishResult(work, request, source.image, 'shrink', built, names);
    if (remainder !== undefined && remainderName !== undefined)
      await engine.tagImage(remainder.id, remainderName);
  } catch (error) {
    if (remainder?.existed === false) await engine.removeImage(remainder.id);
    if (!built.existed) await engine.removeImage(built.id);
    throw error;
  }
  const pushedDigest = await pushNames(work, request, names);
  return toResult(work, {
    version,
    tags,
    source,
    run,
    proof: { ...proof, built: published.image },
    manifestDigest: pushedDigest ?? published.manifestDigest,
    tree: await source.readTree(),
    inventory: owners,
    digests,
    image,
    verified,
  });
}

/** What nobody asked. */
function unproven({ keep }: ShrinkRequest, plan: KeepPlan, built: BuiltImage): Proof {
  return { built, plan, listed: keep?.listed ?? 'drop', repairs: [], masked: [], comparedFiles: 0 };
}

/** A locked keep list is to be built as it is, unless somebody says otherwise. */
function wishesOf(request: ShrinkRequest): ProofWishes {
  return request.locked === undefined ? request : { ...request, repairRounds: request.repairRounds ?? 0 };
}

/** What a keep list that was made before is verified against. */
async function runPlainly(work: Work, source: Source): Promise<SourceRun> {
  const { stages, streams } = work;
  return await stages.run('run', source.command.join(' '), async () => {
    const run = await runIn(work, source.image.id, {
      name: 'source',
      first: true,
      onOutput: streams.onOutput,
    });
    const { exitStatus } = run;
    if (exitStatus === undefined) throw run.failure;
    return [{ ...run, exitStatus }, `exit status ${exitStatus}`] as const;
  });
}

async function buildResult(
  work: Work,
  request: ShrinkRequest,
  source: Source,
  { plan: { kept }, digests }: { readonly plan: KeepPlan; readonly digests: Map<string, string> },
): Promise<BuiltImage> {
  const { stages, streams } = work;
  return await stages.run('build', `${kept.size} entries`, async () => {
    const wanted = {
      paths: [...kept.keys()],
      stubs: new Set([...kept.values()].flatMap(({ path, stub }) => (stub ? [path] : []))),
      ...imageFacts(request, source.image, 'shrink'),
      ...layerFileOf(work, request, source.image, request.remainder !== undefined),
      // For the manifest alone: it costs the time of a second hash.
      ...(request.inventory === true && {
        onFile: (path: string, sha256: string) => void digests.set(path, sha256),
      }),
      onBytes: (sizeBytes: number) =>
        streams.onEvent({ kind: 'stage-progress', stage: 'build', detail: megabytes(sizeBytes) }),
    };
    const built = await buildWanted(work, request, source, wanted);
    return [built, megabytes(sumLayers(built.layers))] as const;
  });
}

async function buildWanted(
  { engine, folder }: Work,
  { builder, layers }: ShrinkRequest,
  { reader, toolbox, readTree }: Source,
  wanted: BuildRequest,
): Promise<BuiltImage> {
  if (layers === 'by-package') {
    const tree = await readTree();
    const groups = layersByPackage(wanted.paths, tree, await inventoryImage(tree, reader));
    return await buildLayered(engine, reader, { ...wanted, layers: groups, folder });
  }
  return builder === 'dockerfile'
    ? await buildByRemoval(engine, reader, { ...wanted, toolbox })
    : await buildImage(engine, reader, wanted);
}
