import type { Engine } from '@keepset/docker-engine';
import { type Inventory, sumUsage } from '@keepset/inventory';
import type { ManifestUsage } from '@keepset/manifest';
import { openImageReader, provideToolbox, type ToolboxOptions } from '@keepset/toolbox';
import { findSource, readTree } from './source-image.js';
import { inventoryImage } from './source-inventory.js';

export interface ImagePackages extends ManifestUsage {
  readonly warnings: Inventory['warnings'];
}

/**
 * The packages of an image, of which nothing is known to be used.
 *
 * @param onPull  called when the engine has to fetch it
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError WRONG_ARCHITECTURE; ToolboxError
 */
export async function readImagePackages(
  engine: Engine,
  reference: string,
  { toolbox, onPull }: { readonly toolbox?: ToolboxOptions; readonly onPull: () => void },
): Promise<ImagePackages> {
  const image = await findSource(engine, reference, undefined, onPull);
  const provided = await provideToolbox(engine, image.id, engine.details.architecture, toolbox);
  await using reader = await openImageReader(engine, image, provided);
  const tree = await readTree(reader);
  const { packages, owners, warnings } = await inventoryImage(tree, reader);
  const files = [...tree.entries()].filter(({ type }) => type === 'file');
  const usage = sumUsage(
    packages,
    files.map(({ path, sizeBytes }) => ({ sizeBytes, kept: true, owners: owners.get(path) ?? [], uses: [] })),
  );
  return { ...usage, warnings };
}
