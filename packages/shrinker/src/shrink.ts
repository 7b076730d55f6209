import { type Engine, type ImageDetails, parseTagReference, toContainerConfig } from '@keepset/docker-engine';
import {
  type BuildRequest,
  type BuiltImage,
  buildByRemoval,
  buildImage,
  buildLayered,
  sumLayers,
} from '@keepset/image-builder';
import {
  type KeepPlan,
  mergePlans,
  parseKeepList,
  parsePathPattern,
  planLocked,
} from '@keepset/keep-planner';
import type { ImageReader } from '@keepset/toolbox';
import { buildRemainder } from './build-remainder.js';
import { type HeldOutRun, judgeHeldOut, requireHeldOut } from './held-out.js';
import { layersByPackage } from './layers-by-package.js';
import { megabytes } from './make-image.js';
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
import { type NamedCommand, type RunScope, scopeRun } from './run-scope.js';
import { ShrinkError } from './shrink-error.js';
import { type ShrinkResult, toResult } from './shrink-result.js';
import { inventoryImage, tellWarnings } from './source-inventory.js';
import { MAIN, type ProvenRun, requireSuccess, type SourceRun } from './source-run.js';
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
  /** Several commands, each name once, whose files are kept together. Default one, `command`. */
  readonly runs?: readonly NamedCommand[];
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
  const commands = commandsOf(request);
  for (const { command } of [...commands, ...(request.checks ?? [])])
    toContainerConfig(request.image, command, request.run);
  const locked = request.locked === undefined ? undefined : parseKeepList(request.locked);
  await using work = await beginWork(engine, request, streams);
  await using source = await openSource(work, { inBackground: locked === undefined });
  const inventory =
    request.inventory === true
      ? source.listed.then((tree) => inventoryImage(tree, source.reader))
      : undefined;
  const verified = request.verify !== false;
  const scopes = commands.map((command) => scopeRun(work, source, command));
  const { runs, plan } =
    locked === undefined
      ? await traceAll(scopes)
      : {
          plan: planLocked(locked, await source.readTree()),
          runs: verified ? await runAllPlainly(scopes) : [],
        };
  const signs = await lookForOverShrink(request, source, runs, plan);
  const owners = inventory && tellWarnings(work, await inventory);
  const digests = new Map<string, string>();
  const build = (plan: KeepPlan, reader: ImageReader) =>
    buildResult(work, request, { ...source, reader }, { plan, digests });
  const proof: Proof = verified
    ? await proveResult(work, { source, runs, plan, build, wishes: wishesOf(request) })
    : unproven(request, plan, await build(plan, source.reader));
  const { built } = proof;
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
    runs,
    signs,
    heldOut,
    proof: { ...proof, built: published.image },
    manifestDigest: pushedDigest ?? published.manifestDigest,
    tree: await source.readTree(),
    inventory: owners,
    digests,
    image,
    verified,
  });
}

/** @throws ShrinkError OVER_SHRUNK */
async function lookForOverShrink(
  { strict }: ShrinkRequest,
  source: Source,
  runs: readonly ProvenRun[],
  plan: KeepPlan,
): Promise<readonly OverShrinkSign[]> {
  if (runs.length === 0) return [];
  const signs = findOverShrink({
    config: source.image.config,
    tree: await source.readTree(),
    plan,
    runs: runs.map(({ run: { exitStatus, seconds, trace } }) => ({ exitStatus, seconds, ...trace })),
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

function commandsOf({ runs = [], command }: ShrinkRequest): readonly NamedCommand[] {
  return runs.length > 0 ? runs : [{ name: MAIN, command }];
}

/** Each command by itself, in a container of its own; what is kept is what any of them used. */
async function traceAll(
  scopes: readonly RunScope[],
): Promise<{ readonly runs: readonly ProvenRun[]; readonly plan: KeepPlan }> {
  const runs: ProvenRun[] = [];
  const plans: KeepPlan[] = [];
  for (const [index, scope] of scopes.entries()) {
    const { run, plan } = await traceSource(scope, { isFirst: index === 0 });
    requireSuccess(scope, run);
    runs.push({ ...scope, run });
    plans.push(plan);
  }
  return { runs, plan: plans.reduce(mergePlans) };
}

/** What a keep list that was made before is verified against. */
async function runAllPlainly(scopes: readonly RunScope[]): Promise<readonly ProvenRun[]> {
  const runs: ProvenRun[] = [];
  for (const [index, scope] of scopes.entries()) {
    const run = await runPlainly(scope, index === 0);
    requireSuccess(scope, run);
    runs.push({ ...scope, run });
  }
  return runs;
}

async function runPlainly({ work, source }: RunScope, isFirst: boolean): Promise<SourceRun> {
  const { stages, streams } = work;
  return await stages.run('run', source.command.join(' '), async () => {
    const run = await runIn(work, source.image.id, {
      name: 'source',
      first: isFirst,
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
