import { type Engine, parseTagReference } from '@keepset/docker-engine';
import type { ImageTree } from '@keepset/image-tree';
import type { MetadataPolicy } from '@keepset/inventory';
import { formatKeepList, type KeepPlan, planRestored } from '@keepset/keep-planner';
import type { StoredManifest } from '@keepset/manifest';
import { type ImageReader, openImageReader, provideToolbox, type ToolboxOptions } from '@keepset/toolbox';
import { findRecordedSource } from './find-recorded-source.js';
import { type FurnishedPlan, furnishPlan } from './furnish-plan.js';
import { type MadeImage, makeImage } from './make-image.js';
import { checkPublication, type Publication } from './publish-result.js';
import { ShrinkError } from './shrink-error.js';
import { readTree, toSourceImage } from './source-image.js';
import { inventoryImage } from './source-inventory.js';
import { beginWork, type ShrinkStreams } from './work.js';

export interface RestoreRequest extends Publication {
  /** Of the result to which something is added. */
  readonly manifest: StoredManifest;
  /** Paths and patterns of the source, with all that is below them. Default none. */
  readonly paths?: readonly string[];
  /** Names of packages (`ggplot2`, `deb:libc6`), which come back whole. Default none. */
  readonly packages?: readonly string[];
  readonly toolbox?: ToolboxOptions;
}

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
 */
export async function restore(
  engine: Engine,
  request: RestoreRequest,
  { onEvent }: Pick<ShrinkStreams, 'onEvent'>,
): Promise<RestoreResult> {
  const { manifest, paths = [], packages = [] } = request;
  const names = request.tags.map(parseTagReference);
  checkPublication(request);
  const run = { image: manifest.source.id, command: [], run: {}, keep: { keep: paths } };
  await using work = await beginWork(engine, run, { onEvent, onOutput() {} });
  const { stages } = work;
  const { source, toolbox } = await stages.run('inspect', manifest.source.id, async () => {
    const source = await findRecordedSource(engine, manifest);
    const { architecture } = engine.details;
    const toolbox = await provideToolbox(engine, source.id, architecture, request.toolbox);
    return [{ source, toolbox }, source.id.slice('sha256:'.length, 19)] as const;
  });
  await using reader = await openImageReader(engine, source, toolbox);
  const tree = await readTree(reader);
  const plan = await stages.run('keep', '', async () => {
    const wishes = { keep: paths, keepPackages: packages };
    const plan = await planRestored(manifest.keptPaths, toSourceImage(reader, tree), wishes);
    const unmatched = plan.warnings.flatMap((warning) =>
      warning.kind === 'pattern-unmatched' ? [`'${warning.pattern}'`] : [],
    );
    if (unmatched.length > 0)
      throw new ShrinkError('NOT_IN_SOURCE', `the source has nothing named ${unmatched.join(', ')}`, {
        hint: "Paths are absolute; 'keepset packages IMAGE' lists the packages.",
      });
    return [plan, `${plan.kept.size} of ${tree.size} entries`] as const;
  });
  const kept = [...plan.kept.values()];
  const { plan: whole, generated } = await furnish(plan, manifest.metadata, tree, reader);
  const before = new Set(manifest.keptPaths.flatMap(({ path, stub }) => (stub ? [] : [path])));
  const made = await makeImage(work, request, {
    maker: 'restore',
    source,
    reader,
    paths: [...whole.kept.keys()],
    generated,
    stubs: new Set(kept.flatMap(({ path, stub }) => (stub ? [path] : []))),
    names,
  });
  const added = kept.filter(({ path, stub }) => !stub && !before.has(path)).length;
  return { ...made, added, keepList: formatKeepList(kept) };
}

/** As the result was furnished to which something is added. */
async function furnish(
  plan: KeepPlan,
  policy: MetadataPolicy,
  tree: ImageTree,
  reader: ImageReader,
): Promise<Pick<FurnishedPlan, 'plan' | 'generated'>> {
  if (policy === 'none') return { plan, generated: [] };
  const inventory = await inventoryImage(tree, reader, { withContents: false });
  return await furnishPlan(plan, { policy }, { tree, reader, inventory });
}
