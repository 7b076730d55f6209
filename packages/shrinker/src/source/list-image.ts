import type { Engine } from '@keepset/docker-engine';
import { hashContents, type ImageSource } from '@keepset/image-source';
import type { ImageTree } from '@keepset/image-tree';
import type { FileOwners, Inventory } from '@keepset/inventory';
import { type FileFacts, type FileListing, firstNameOf } from '@keepset/manifest';
import type { ToolboxOptions } from '@keepset/toolbox';
import { createProgress, type ShrinkEvent } from '../progress.js';
import { headsOf } from './heads-of.js';
import { type HeadReader, inventoryImage } from './inventory-image.js';
import { openSource } from './open-source.js';

/** An image, open for questions. */
export interface ListedImage extends AsyncDisposable {
  readonly id: string;
  readonly listing: FileListing;
  /** Of its packages; `listing` has them where there are any. */
  readonly inventory: Pick<Inventory, 'system' | 'packages' | 'unowned' | 'warnings'>;
  /**
   * Digests of contents; each file is read whole, and none is held.
   *
   * @param paths  of regular files
   */
  hash(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface ListImageOptions {
  /** OS/ARCHITECTURE[/VARIANT] to pull, where the engine has not got the image. Default: the engine's own. */
  readonly platform?: string | undefined;
  readonly toolbox?: ToolboxOptions | undefined;
  readonly onEvent: (event: ShrinkEvent) => void;
}

/**
 * The files of an image, with their packages.
 *
 * @throws EngineError IMAGE_NOT_FOUND; ShrinkError WRONG_ARCHITECTURE; ToolboxError
 * @example
 * await using image = await listImage(engine, 'debian:12', { onEvent() {} });
 * image.listing.files.get('/etc/debian_version')?.type // 'file'
 */
export async function listImage(
  engine: Engine,
  reference: string,
  { platform, toolbox, onEvent }: ListImageOptions,
): Promise<ListedImage> {
  const source = await openSource(engine, { reference, platform, toolbox }, createProgress(onEvent));
  try {
    return {
      id: source.image.id,
      ...(await listingOf(await source.tree(), await source.heads())),
      hash: async (paths) => hashContents(await source.content(), paths),
      [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
    };
  } catch (error) {
    await source[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * The same of an image that no engine has.
 *
 * @param image  the listed one's from here on: it is disposed of with it
 * @throws SourceError
 * @example
 * const { listing } = await listSource(await openOciLayout('/tmp/layout'));
 * listing.files.get('/etc/motd').type // 'file'
 */
export async function listSource(image: ImageSource): Promise<ListedImage> {
  try {
    return {
      id: image.id,
      ...(await listingOf(await image.tree(), headsOf(image))),
      hash: (paths) => hashContents(image, paths),
      [Symbol.asyncDispose]: () => image[Symbol.asyncDispose](),
    };
  } catch (error) {
    await image[Symbol.asyncDispose]();
    throw error;
  }
}

async function listingOf(
  tree: ImageTree,
  reader: HeadReader,
): Promise<Pick<ListedImage, 'listing' | 'inventory'>> {
  const inventory = await inventoryImage(tree, reader);
  const { packages, owners } = inventory;
  // A result has no database of packages: that says nothing of its files.
  const listing = { files: toFiles(tree, owners), packages: packages.length === 0 ? undefined : packages };
  return { listing, inventory };
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
