import { type ImageSource, readHeads } from '@keepset/image-source';
import type { HeadReader } from './inventory-image.js';

/** An image without an engine, as the inventory asks a reader. */
export function headsOf(image: ImageSource): HeadReader {
  return {
    async readHeads(files, maxBytes) {
      const heads = await readHeads(
        image,
        files.map(({ path }) => path),
        maxBytes,
      );
      return heads.map((head) => head ?? NOTHING);
    },
  };
}

const NOTHING = new Uint8Array();
