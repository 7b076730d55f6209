import type { Engine } from '@keepset/docker-engine';
import type { ImageSource } from '@keepset/image-source';
import type { ImageTree } from '@keepset/image-tree';
import { type Inventory, sumUsage } from '@keepset/inventory';
import type { ManifestUsage } from '@keepset/manifest';
import { createProgress } from './progress.js';
import { headsOf } from './source/heads-of.js';
import { type HeadReader, inventoryImage } from './source/inventory-image.js';
import type { ListImageOptions } from './source/list-image.js';
import { openSource } from './source/open-source.js';

/** The packages of an image. */
export interface ImagePackages extends ManifestUsage {
  readonly warnings: Inventory['warnings'];
}

/**
 * The packages of an image, of which nothing is known to be used.
 *
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError WRONG_ARCHITECTURE; ToolboxError
 * @example
 * const { packages } = await listPackages(engine, 'debian:12', { onEvent() {} });
 * packages.some((each) => each.package.name === 'libc6') // true
 */
export async function listPackages(
  engine: Engine,
  reference: string,
  { platform, toolbox, onEvent }: ListImageOptions,
): Promise<ImagePackages> {
  await using source = await openSource(engine, { reference, platform, toolbox }, createProgress(onEvent));
  return await packagesOf(await source.tree(), await source.heads());
}

/**
 * The same of an image that no engine has.
 *
 * @throws SourceError
 * @example
 * const image = await openOciLayout('/tmp/layout');
 * const { packages } = await listSourcePackages(image);
 * packages.length // 0
 */
export async function listSourcePackages(image: ImageSource): Promise<ImagePackages> {
  return await packagesOf(await image.tree(), headsOf(image));
}

async function packagesOf(tree: ImageTree, reader: HeadReader): Promise<ImagePackages> {
  const { packages, owners, warnings } = await inventoryImage(tree, reader);
  const files = [...tree.entries()].filter(({ type }) => type === 'file');
  const usage = sumUsage(
    packages,
    files.map(({ path, sizeBytes }) => ({ sizeBytes, kept: true, owners: owners.get(path) ?? [], uses: [] })),
  );
  return { ...usage, warnings };
}
