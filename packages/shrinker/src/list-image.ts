import type { Engine } from '@keepset/docker-engine';
import type { ImageTree } from '@keepset/image-tree';
import type { FileOwners } from '@keepset/inventory';
import type { FileFacts, FileListing } from '@keepset/manifest';
import { firstNameOf } from '@keepset/manifest';
import { openImageReader, provideToolbox, type ToolboxOptions } from '@keepset/toolbox';
import { hashFiles } from './hash-files.js';
import { findSource, readTree } from './source-image.js';
import { inventoryImage } from './source-inventory.js';

/** An image of the engine, open for questions. */
export interface ListedImage extends AsyncDisposable {
  readonly id: string;
  readonly listing: FileListing;
  /**
   * Digests of contents; each file is read whole, and none is held.
   *
   * @param paths  of regular files
   */
  hash(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/**
 * The files of an image, with their packages.
 *
 * @param onPull  called when the engine has to fetch it
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError WRONG_ARCHITECTURE; ToolboxError
 */
export async function listImage(
  engine: Engine,
  reference: string,
  { toolbox, onPull }: { readonly toolbox?: ToolboxOptions; readonly onPull: () => void },
): Promise<ListedImage> {
  const image = await findSource(engine, reference, undefined, onPull);
  const provided = await provideToolbox(engine, image.id, engine.details.architecture, toolbox);
  const reader = await openImageReader(engine, image, provided);
  try {
    const tree = await readTree(reader);
    const { packages, owners } = await inventoryImage(tree, reader);
    return {
      id: image.id,
      // A result has no database of packages: that tells nothing of its files.
      listing: { files: toFiles(tree, owners), packages: packages.length === 0 ? undefined : packages },
      hash: (paths) =>
        hashFiles(
          reader,
          paths.map((path) => ({ path, sizeBytes: tree.get(path)?.sizeBytes ?? 0 })),
        ),
      [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
    };
  } catch (error) {
    await reader[Symbol.asyncDispose]();
    throw error;
  }
}

const NO_OWNERS: readonly number[] = [];

function toFiles(tree: ImageTree, owners: FileOwners): Map<string, FileFacts> {
  const files = new Map<string, FileFacts>();
  for (const entry of tree.entries()) {
    const { path, type, sizeBytes, mode, uid, gid, mtimeSeconds, linkTarget } = entry;
    files.set(path, {
      type,
      sizeBytes: type === 'file' ? sizeBytes : 0,
      mode,
      uid,
      gid,
      mtimeSeconds,
      linkTarget,
      hardLinkTo: firstNameOf(entry, tree),
      sha256: undefined,
      owners: owners.get(path) ?? NO_OWNERS,
    });
  }
  return files;
}
