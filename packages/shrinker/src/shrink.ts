import { type Engine, type ImageDetails, parseTagReference } from '@keepset/docker-engine';
import { type BuiltImage, buildByRemoval, buildImage } from '@keepset/image-builder';
import { type KeepPlan, parseKeepList, parsePathPattern, planLocked } from '@keepset/keep-planner';
import type { ImageReader } from '@keepset/toolbox';
import { openSource, type Source } from './open-source.js';
import { findOverShrink, type OverShrinkSign } from './over-shrink.js';
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
import { ShrinkError } from './shrink-error.js';
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
  /** Refuse to build where signs tell that the run was too little. Default false: they are told. */
  readonly strict?: boolean;
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
  const signs = run === undefined ? [] : await lookForOverShrink(request, source, run, plan);
  const owners = inventory && tellWarnings(work, await inventory);
  const build = (plan: KeepPlan, reader: ImageReader) =>
    buildResult(work, request, { ...source, reader }, plan);
  const proof: Proof =
    verified && run !== undefined
      ? await proveResult(work, { source, run, plan, build, wishes: wishesOf(request) })
      : unproven(request, plan, await build(plan, source.reader));
  const { built } = proof;
  let image: ImageDetails | undefined;
  let published: Published;
  try {
    image = await engine.inspectImage(built.id);
    tellGrowth(work, source.image.sizeBytes, image?.sizeBytes);
    published = await publishResult(work, request, source.image, 'shrink', built, names);
  } catch (error) {
    if (!built.existed) await engine.removeImage(built.id);
    throw error;
  }
  const pushedDigest = await pushNames(work, request, names);
  return toResult(work, {
    version,
    tags,
    source,
    run,
    signs,
    proof: { ...proof, built: published.image },
    manifestDigest: pushedDigest ?? published.manifestDigest,
    tree: await source.readTree(),
    inventory: owners,
    image,
    verified,
  });
}

/** @throws ShrinkError OVER_SHRUNK */
async function lookForOverShrink(
  { strict }: ShrinkRequest,
  source: Source,
  { exitStatus, seconds, trace }: SourceRun,
  plan: KeepPlan,
): Promise<readonly OverShrinkSign[]> {
  const signs = findOverShrink({
    config: source.image.config,
    tree: await source.readTree(),
    plan,
    run: { exitStatus, seconds, ...trace },
  });
  const [first, ...others] = signs;
  if (!strict || first === undefined) return signs;
  throw new ShrinkError(
    'OVER_SHRUNK',
    `no image was made, since the run may be too little: ${first.message}`,
    {
      details: others.map(({ message, cure }) => `also: ${message}; ${cure}`),
      hint: `${first.cure[0]?.toUpperCase()}${first.cure.slice(1)}. Without --strict this is a warning.`,
    },
  );
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
  { kept }: KeepPlan,
): Promise<BuiltImage> {
  const { engine, stages, streams } = work;
  return await stages.run('build', `${kept.size} entries`, async () => {
    const wanted = {
      paths: [...kept.keys()],
      stubs: new Set([...kept.values()].flatMap(({ path, stub }) => (stub ? [path] : []))),
      ...imageFacts(request, source.image, 'shrink'),
      ...layerFileOf(work, request, source.image),
      onBytes: (sizeBytes: number) =>
        streams.onEvent({ kind: 'stage-progress', stage: 'build', detail: megabytes(sizeBytes) }),
    };
    const built =
      request.builder === 'dockerfile'
        ? await buildByRemoval(engine, source.reader, { ...wanted, toolbox: source.toolbox })
        : await buildImage(engine, source.reader, wanted);
    return [built, megabytes(built.layer.sizeBytes)] as const;
  });
}

function megabytes(sizeBytes: number): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}
