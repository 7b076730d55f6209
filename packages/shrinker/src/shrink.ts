import { type Engine, type ImageDetails, parseTagReference } from '@keepset/docker-engine';
import type { BuiltImage } from '@keepset/image-builder';
import type { MetadataPolicy } from '@keepset/inventory';
import {
  type KeepListEntry,
  type KeepPlan,
  parseKeepList,
  parsePathPattern,
  planLocked,
} from '@keepset/keep-planner';
import type { ImageReader } from '@keepset/toolbox';
import { attachBill } from './attach-bill.js';
import { buildRemainder } from './build-remainder.js';
import { buildResult } from './build-result.js';
import { type FurnishedPlan, furnishPlan } from './furnish-plan.js';
import { type HeldOutRun, judgeHeldOut, requireHeldOut } from './held-out.js';
import { openSource, type Source } from './open-source.js';
import { type OpenedTraces, openTraces, replayAll } from './open-trace.js';
import { type Proof, type ProofWishes, proveResult } from './prove-result.js';
import {
  checkPublication,
  type Publication,
  type Published,
  publishResult,
  pushNames,
} from './publish-result.js';
import { requireEnough } from './require-enough.js';
import type { NamedCommand } from './run-scope.js';
import { runAllPlainly, traceAll } from './run-source.js';
import { checkCommands, commandsOf, type RunWishes, scopeRuns, withFirstCommand } from './scope-runs.js';
import { type ShrinkResult, toResult } from './shrink-result.js';
import { inventoryImage, tellWarnings } from './source-inventory.js';
import type { ProvenRun } from './source-run.js';
import { tellGrowth } from './tell-growth.js';
import { beginWork, type ShrinkStreams, type SourceRequest, type Work } from './work.js';

export interface ShrinkRequest extends SourceRequest, RunWishes, Publication, ProofWishes {
  /** The text of a keep list that was made before: build exactly this, without tracing. `keep` has no part in it. */
  readonly locked?: string;
  /** Files of `traceToFile`: the runs that they tell of take the place of all others, and are not run again. */
  readonly from?: readonly string[];
  /** Find whose each file of the source is, for the manifest. Default false. */
  readonly inventory?: boolean;
  /** Attach the bill of materials (CycloneDX) to the result where it goes as an OCI image or to a registry. Default false. */
  readonly sbom?: boolean;
  /** What becomes of the package databases, by which scanners know what is in an image. Default used. */
  readonly metadata?: MetadataPolicy;
  /**
   * How the result is made: of the kept files alone, or by a Dockerfile that removes the others, flattened. Both make
   * the same image; the second works on any engine that builds, and costs more. Default direct.
   */
  readonly builder?: 'direct' | 'dockerfile';
  /** Commands that are not traced, and must do the same in the result. Default none. */
  readonly checks?: readonly NamedCommand[];
  /** Whether checks that fail are only told. Default false. */
  readonly checksAdvise?: boolean;
  /** Refuse to build where signs tell that the run was too little. Default false: they are told. */
  readonly strict?: boolean;
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
  checkCommands(request, [...commandsOf(request), ...(request.checks ?? [])]);
  const locked = request.locked === undefined ? undefined : parseKeepList(request.locked);
  await using begun = await beginWork(engine, withFirstCommand(request), streams);
  const saved = request.from === undefined ? undefined : await openTraces(begun, request.from);
  const work: Work = saved === undefined ? begun : saved.work;
  await using source = await openSource(work, {
    inBackground: locked === undefined && saved === undefined,
    ...(saved !== undefined && { id: saved.source.id }),
  });
  const { metadata = 'used' } = request;
  const withContents = request.inventory === true || request.sbom === true;
  const inventory =
    withContents || metadata !== 'none'
      ? source.listed.then((tree) => inventoryImage(tree, source.reader, { withContents }))
      : undefined;
  // Awaited after the runs, which may fail first.
  inventory?.catch(() => {});
  const verified = request.verify !== false;
  const { runs, plan } = await obtainPlan(work, source, request, { locked, saved });
  const signs = await requireEnough(request.strict === true, source, runs, plan);
  const owners = inventory && tellWarnings(work, await inventory);
  const digests = new Map<string, string>();
  let furnished: FurnishedPlan | undefined;
  const build = async (plan: KeepPlan, reader: ImageReader) => {
    const tree = await source.readTree();
    const wishes = { policy: metadata, drop: request.keep?.drop ?? [] };
    furnished = owners && (await furnishPlan(plan, wishes, { tree, reader, inventory: owners }));
    return await buildResult(
      work,
      request,
      { ...source, reader },
      { plan, generated: [], ...furnished, digests },
    );
  };
  const proof: Proof = verified
    ? await proveResult(work, { source, runs, plan, build, wishes: wishesOf(request) })
    : unproven(request, plan, await build(plan, source.reader));
  const { built } = proof;
  const { plan: whole, generated, warnings } = furnished ?? { plan: proof.plan, generated: [], warnings: [] };
  tellWarnings(work, { warnings });
  const bill =
    request.sbom === true && owners !== undefined
      ? attachBill(whole, { tree: await source.readTree(), inventory: owners }, request)
      : undefined;
  const publication: Publication = { ...request, ...(bill !== undefined && { attach: bill }) };
  let image: ImageDetails | undefined;
  let published: Published;
  let heldOut: readonly HeldOutRun[];
  let remainder: BuiltImage | undefined;
  try {
    heldOut = await judgeHeldOut(work, source, proof, request.checks ?? [], request);
    if (request.checksAdvise !== true) requireHeldOut(heldOut);
    image = await engine.inspectImage(built.id);
    tellGrowth(work, source.image.sizeBytes, image?.sizeBytes);
    if (remainderName !== undefined)
      remainder = await buildRemainder(work, request, source, {
        result: built,
        plan: whole,
        generated,
      });
    published = await publishResult(work, publication, source.image, 'shrink', built, names);
    if (remainder !== undefined && remainderName !== undefined)
      await engine.tagImage(remainder.id, remainderName);
  } catch (error) {
    if (remainder?.existed === false) await engine.removeImage(remainder.id);
    if (!built.existed) await engine.removeImage(built.id);
    throw error;
  }
  const pushed = await pushNames(work, publication, names, published.image);
  return toResult(work, {
    version,
    tags,
    source,
    runs,
    signs,
    heldOut,
    proof: {
      ...proof,
      built: published.image,
      repaired: proof.repaired.union(
        new Set((locked ?? []).flatMap((each) => (each.repaired ? [each.path] : []))),
      ),
    },
    metadata: { policy: metadata, plan: whole, generated },
    pushed,
    manifestDigest: published.manifestDigest,
    tree: await source.readTree(),
    inventory: request.inventory === true ? owners : undefined,
    digests,
    image,
    verified,
  });
}

/** What is to be kept: by a list that was made before, by runs that were traced before, or by runs that are traced now. */
async function obtainPlan(
  work: Work,
  source: Source,
  request: ShrinkRequest,
  {
    locked,
    saved,
  }: { readonly locked: readonly KeepListEntry[] | undefined; readonly saved: OpenedTraces | undefined },
): Promise<{ readonly runs: readonly ProvenRun[]; readonly plan: KeepPlan }> {
  if (saved !== undefined) return await replayAll(work, source, saved.runs);
  const scopes = scopeRuns(work, source, request);
  if (locked === undefined) return await traceAll(scopes, request.jobs);
  return {
    plan: planLocked(locked, await source.readTree()),
    runs: request.verify !== false ? await runAllPlainly(scopes) : [],
  };
}

/** What nobody asked. */
function unproven({ keep }: ShrinkRequest, plan: KeepPlan, built: BuiltImage): Proof {
  return {
    built,
    plan,
    listed: keep?.listed ?? 'drop',
    repairs: [],
    repaired: new Set(),
    masked: [],
    comparedFiles: 0,
  };
}

/** A locked keep list is to be built as it is, unless somebody says otherwise. */
function wishesOf(request: ShrinkRequest): ProofWishes {
  return request.locked === undefined ? request : { ...request, repairRounds: request.repairRounds ?? 0 };
}
