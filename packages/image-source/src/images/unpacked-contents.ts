import type { BlobStore } from '../blobs/blob-store.js';
import { nameOf, readLayer } from '../layers/read-layer.js';
import { openUnpackedLayers, type UnpackedLayers } from '../layers/unpacked-layers.js';
import type { LayerContents } from './layer-contents.js';
import { NOTHING, placedEntries } from './listed-layers.js';

/** Layers are written down as they are unpacked for the tree: what they hold is then read in any order. */
export function unpackedContents(store: BlobStore): LayerContents {
  let opened: Promise<UnpackedLayers> | undefined;
  const open = () => {
    opened ??= openUnpackedLayers();
    return opened;
  };
  return {
    async *list(layer) {
      const unpacked = await open();
      for await (const entry of readLayer(store, layer, (tar) => unpacked.keep(tar, nameOf(layer, store)))) {
        unpacked.note(entry);
        yield entry;
      }
    },
    async *entries(listed, paths, options) {
      const contentAt = (await open()).reader();
      for (const [facts, place] of placedEntries(listed, paths, options)) {
        const content = place === undefined ? NOTHING : () => contentAt(place, facts.sizeBytes);
        yield { ...facts, content };
      }
    },
    async [Symbol.asyncDispose]() {
      const unpacked = await opened?.catch(() => undefined);
      await unpacked?.[Symbol.asyncDispose]();
    },
  };
}
