import type { Engine } from '@keepset/docker-engine';
import type { ImageSource } from '@keepset/image-source';
import type { ImageTree } from '@keepset/image-tree';
import type { KeepPlan } from '@keepset/keep-planner';
import type { RealPath } from '@keepset/symlink-resolver';
import type { ToolboxOptions } from '@keepset/toolbox';
import { createProgress } from './progress.js';
import { type MadeImage, makeImage } from './publish/make-image.js';
import { checkPublication, type Publication } from './publish/publish-result.js';
import { openScratchFolder } from './scratch-folder.js';
import { inventoryImage } from './source/inventory-image.js';
import { openReadSource, requirePlace } from './source/open-read-source.js';
import type { ShrinkStreams } from './trace-options.js';

/** The image to flatten, and where the result goes. */
export interface FlattenOptions extends Publication {
  /** Name or id; of `source`, what it is called. */
  readonly image: string;
  /** The image, where it is not an engine's; it stays the caller's. Default: the engine's `image`. */
  readonly source?: ImageSource;
  /** OS/ARCHITECTURE[/VARIANT] to pull, where the engine has not got the image. Default: the engine's own. */
  readonly platform?: string;
  readonly toolbox?: ToolboxOptions;
  /** Record in the manifest whose the files are, and what is in them. Default false. */
  readonly inventory?: boolean;
}

/**
 * Make an image of one layer that holds all that the source holds, and nothing of what its layers hid; the
 * configuration stays.
 *
 * @param engine  undefined, with a `source` and outputs: none is needed, and the id is the same
 * @throws EngineError, ToolboxError, BuildError, SourceError, ShrinkError NO_ENGINE, WRONG_ARCHITECTURE
 * @example
 * const made = await flatten(engine, { image: 'debian:12', tags: ['example:flat'], version: '1' }, { onEvent() {} });
 * made.entries > 1000 // true
 */
export async function flatten(
  engine: Engine | undefined,
  options: FlattenOptions,
  { onEvent }: Pick<ShrinkStreams, 'onEvent'>,
): Promise<MadeImage> {
  checkPublication(options);
  requirePlace(engine, options);
  const progress = createProgress(onEvent);
  await using scratch = await openScratchFolder();
  await using source = await openReadSource(engine, { ...options, reference: options.image }, progress);
  const plan = await progress.stage('keep', '', async () => {
    const tree = await source.tree();
    return [wholePlan(tree), `${tree.size} entries`] as const;
  });
  const inventory = options.inventory
    ? await inventoryImage(await source.tree(), await source.heads())
    : undefined;
  const place = { folder: scratch.path, progress };
  const request = { maker: 'flatten', plan, metadata: 'all', inventory } as const;
  return await makeImage(engine, source, options, request, place);
}

/** Everything, since everything is wanted. */
function wholePlan(tree: ImageTree): KeepPlan {
  const reasons = [{ kind: 'rule', rule: 'keep', from: '/' }] as const;
  // Of the image's own tree, so they are real.
  const paths = Array.from(tree.entries(), ({ path }) => path as RealPath);
  return {
    kept: new Map(paths.map((path) => [path, { path, reasons }])),
    executed: [],
    listed: [],
    warnings: [],
  };
}
