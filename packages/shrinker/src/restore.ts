import type { Engine } from '@keepset/docker-engine';
import type { ImageSource } from '@keepset/image-source';
import { formatKeepList, type KeepPlan, parsePathPattern, planRestored } from '@keepset/keep-planner';
import type { StoredManifest } from '@keepset/manifest';
import type { ToolboxOptions } from '@keepset/toolbox';
import { createProgress, type Progress } from './progress.js';
import { furnishPlan } from './publish/furnish-plan.js';
import { type MadeImage, makeImage } from './publish/make-image.js';
import { checkPublication, type Publication } from './publish/publish-result.js';
import { openScratchFolder } from './scratch-folder.js';
import { ShrinkError } from './shrink-error.js';
import { findRecordedSource } from './source/find-recorded-source.js';
import { inventoryImage } from './source/inventory-image.js';
import { openReadSource, requirePlace } from './source/open-read-source.js';
import type { ReadSource } from './source/open-source.js';
import { toPlannerSource } from './source/planner-source.js';
import type { ShrinkStreams } from './trace-options.js';

/** What comes back from the source. */
export interface RestoreOptions extends Publication {
  /** Of the result to which something is added. */
  readonly manifest: StoredManifest;
  /** Paths and patterns of the source, with all that is below them. Default none. */
  readonly paths?: readonly string[];
  /** Names of packages (`ggplot2`, `deb:libc6`), which come back whole. Default none. */
  readonly packages?: readonly string[];
  readonly toolbox?: ToolboxOptions;
  /** The source, where it is not an engine's; it stays the caller's. Default: the engine's image of the manifest's id. */
  readonly source?: ImageSource;
  /** Record in the manifest whose the files are, and what is in them. Default false. */
  readonly inventory?: boolean;
}

/** A result with what came back. */
export interface RestoreResult extends MadeImage {
  /** How many entries the result of the manifest had not, or had empty. */
  readonly added: number;
  /** The text of a keep list that makes the image again. */
  readonly keepList: string;
}

/**
 * Add files of the source to a result, without tracing: the source's image of what the manifest lists and of what is
 * wanted besides. It is not run.
 *
 * @param engine  undefined, with a `source` and outputs: none is needed, and the id is the same
 * @throws ShrinkError SOURCE_GONE; SOURCES_DIFFER, NO_ENGINE; NOT_IN_SOURCE  a path or a package names nothing
 * @throws SourceError, EngineError, ToolboxError, BuildError, PlanError
 * @example
 * const manifest = await readManifest('manifest.json');
 * const options = { manifest, paths: ['/etc/issue'], tags: ['example:more'], version: '1' };
 * const { added } = await restore(engine, options, { onEvent() {} });
 * added // 1
 */
export async function restore(
  engine: Engine | undefined,
  options: RestoreOptions,
  { onEvent }: Pick<ShrinkStreams, 'onEvent'>,
): Promise<RestoreResult> {
  const { manifest, paths = [], packages = [] } = options;
  checkPublication(options);
  requirePlace(engine, options);
  for (const path of paths) parsePathPattern(path);
  const progress = createProgress(onEvent);
  await using scratch = await openScratchFolder();
  await using source = await openRecorded(engine, manifest, options, progress);
  const plan = await progress.stage('keep', '', async () => {
    const plan = await planWanted(manifest, source, { keep: paths, keepPackages: packages });
    return [plan, `${plan.kept.size} of ${(await source.tree()).size} entries are needed`] as const;
  });
  const kept = [...plan.kept.values()];
  const whole = await furnish(source, plan, manifest);
  const { metadata, runs } = manifest;
  const inventory = options.inventory
    ? await inventoryImage(await source.tree(), await source.heads())
    : undefined;
  const wanted = {
    maker: 'restore',
    plan: withFormerReasons(whole.plan, manifest),
    generated: whole.generated,
    metadata,
    runs: runs.flatMap(({ exitStatus, stdout, stderr, ...run }) =>
      exitStatus === undefined || stdout === undefined || stderr === undefined
        ? []
        : [{ ...run, exitStatus, stdout, stderr }],
    ),
    inventory,
  } as const;
  const made = await makeImage(engine, source, options, wanted, { folder: scratch.path, progress });
  const before = new Set(manifest.keptPaths.flatMap(({ path, stub }) => (stub ? [] : [path])));
  const added = kept.filter(({ path, stub }) => !stub && !before.has(path)).length;
  return { ...made, added, keepList: formatKeepList(kept) };
}

/** @throws ShrinkError SOURCE_GONE, SOURCES_DIFFER, NO_ENGINE */
async function openRecorded(
  engine: Engine | undefined,
  manifest: StoredManifest,
  { source, toolbox }: Pick<RestoreOptions, 'source' | 'toolbox'>,
  progress: Progress,
): Promise<ReadSource> {
  const { id, reference = id } = manifest.source;
  // An engine may know an image by its manifest.
  if (source !== undefined && source.id !== id && source.manifestDigest !== id)
    throw new ShrinkError('SOURCES_DIFFER', `the image is ${source.id}, and the manifest is of ${id}`, {
      hint: 'Name the image that the manifest is of. A copy in another format has another ID: docker save keeps it.',
    });
  if (source === undefined && engine !== undefined) await findRecordedSource(engine, manifest);
  const named = source === undefined ? id : reference;
  return await openReadSource(engine, { source, toolbox, reference: named }, progress);
}

/** What was kept before is kept for what it was kept for. */
function withFormerReasons(plan: KeepPlan, { kept: former }: StoredManifest): KeepPlan {
  const kept = [...plan.kept].map(([path, entry]) => {
    const reasons = former.get(path)?.reasons;
    return [path, reasons === undefined ? entry : { ...entry, reasons }] as const;
  });
  return { ...plan, kept: new Map(kept) };
}

/** @throws ShrinkError NOT_IN_SOURCE */
async function planWanted(
  { keptPaths }: StoredManifest,
  source: ReadSource,
  wanted: { readonly keep: readonly string[]; readonly keepPackages: readonly string[] },
): Promise<KeepPlan> {
  const plan = await planRestored(keptPaths, await toPlannerSource(source), wanted);
  const unmatched = plan.warnings.flatMap((warning) =>
    warning.kind === 'pattern-unmatched' ? [`'${warning.pattern}'`] : [],
  );
  if (unmatched.length > 0)
    throw new ShrinkError('NOT_IN_SOURCE', `the source has nothing named ${unmatched.join(', ')}`, {
      hint: 'Paths are absolute; packages have the names of the source’s package databases.',
    });
  return plan;
}

/** As the result was furnished to which something is added. */
async function furnish(
  source: ReadSource,
  plan: KeepPlan,
  { metadata }: Pick<StoredManifest, 'metadata'>,
): Promise<Pick<Awaited<ReturnType<typeof furnishPlan>>, 'plan' | 'generated'>> {
  if (metadata === 'none') return { plan, generated: [] };
  const inventory = await inventoryImage(await source.tree(), await source.heads(), { withContents: false });
  return await furnishPlan(source, plan, inventory, { policy: metadata });
}
