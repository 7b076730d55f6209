import type { BlobStore } from '../blobs/blob-store.js';
import { withinSizes } from '../blobs/within-sizes.js';
import type { ImageSource } from '../image-source.js';
import type { ImageManifest } from '../manifests/image-manifest.js';
import { type ListedLayers, listLayers } from './listed-layers.js';
import { streamedContents } from './streamed-contents.js';
import { unpackedContents } from './unpacked-contents.js';

/** How the layers of an image are read. */
export interface ReadingOptions {
  /**
   * All that the image holds will be asked for: its layers are unpacked once, to a temporary file without a name, which
   * has room for all of them. Default false: they are unpacked for the tree, and again for the contents, to no file.
   */
  readonly unpackOnce?: boolean | undefined;
}

/**
 * An image whose manifest was read.
 *
 * @param blobs  the image's from here on: it is disposed of with it
 */
export function openImage(
  blobs: BlobStore,
  { id, manifestDigest, config, layers }: ImageManifest,
  { unpackOnce = false }: ReadingOptions = {},
): ImageSource {
  const store = withinSizes(blobs, layers);
  const contents = unpackOnce ? unpackedContents(store) : streamedContents(store, layers);
  let listed: Promise<ListedLayers> | undefined;
  const list = () => {
    listed ??= listLayers(store, layers, contents.list);
    return listed;
  };
  const { describe } = contents;
  return {
    id,
    manifestDigest,
    config,
    tree: async () => (await list()).tree,
    async *entries(paths, options = {}) {
      yield* contents.entries(await list(), paths, options);
    },
    ...(describe && { describe: async (paths, options = {}) => describe(await list(), paths, options) }),
    async [Symbol.asyncDispose]() {
      await contents[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
