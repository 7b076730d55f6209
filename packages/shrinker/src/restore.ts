import type { Engine } from '@keepset/docker-engine';
import { formatKeepList, type KeepPlan, parsePathPattern, planRestored } from '@keepset/keep-planner';
import type { StoredManifest } from '@keepset/manifest';
import type { ToolboxOptions } from '@keepset/toolbox';
import { createProgress } from './progress.js';
import { furnishPlan } from './publish/furnish-plan.js';
import { type MadeImage, makeImage } from './publish/make-image.js';
import { checkPublication, type Publication } from './publish/publish-result.js';
import { openScratchFolder } from './scratch-folder.js';
import { ShrinkError } from './shrink-error.js';
import { findRecordedSource } from './source/find-recorded-source.js';
import { inventoryImage } from './source/inventory-image.js';
import { openSource, type Source } from './source/open-source.js';
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
 * @throws ShrinkError SOURCE_GONE; NOT_IN_SOURCE  a path or a package names nothing
 * @throws EngineError, ToolboxError, BuildError, PlanError
 * @example
 * const manifest = await readManifest('manifest.json');
 * const options = { manifest, paths: ['/etc/issue'], tags: ['example:more'], version: '1' };
 * const { added } = await restore(engine, options, { onEvent() {} });
 * added // 1
 */
export async function restore(
  engine: Engine,
  options: RestoreOptions,
  { onEvent }: Pick<ShrinkStreams, 'onEvent'>,
): Promise<RestoreResult> {
  const { manifest, paths = [], packages = [] } = options;
  checkPublication(options);
  for (const path of paths) parsePathPattern(path);
  const progress = createProgress(onEvent);
  await using scratch = await openScratchFolder();
  const { id } = await findRecordedSource(engine, manifest);
  await using source = await openSource(engine, { reference: id, toolbox: options.toolbox }, progress);
  const plan = await progress.stage('keep', '', async () => {
    const plan = await planWanted(manifest, source, { keep: paths, keepPackages: packages });
    return [plan, `${plan.kept.size} of ${(await source.tree()).size} entries are needed`] as const;
  });
  const kept = [...plan.kept.values()];
  const whole = await furnish(source, plan, manifest);
  const { metadata, runs } = manifest;
  const inventory = options.inventory
    ? await inventoryImage(await source.tree(), await source.reader())
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
  source: Source,
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
  source: Source,
  plan: KeepPlan,
  { metadata }: Pick<StoredManifest, 'metadata'>,
): Promise<Pick<Awaited<ReturnType<typeof furnishPlan>>, 'plan' | 'generated'>> {
  if (metadata === 'none') return { plan, generated: [] };
  const inventory = await inventoryImage(await source.tree(), await source.reader(), { withContents: false });
  return await furnishPlan(source, plan, inventory, { policy: metadata });
}
