import { SourceError } from '../source-error.js';
import type { BlobStore } from './blob-store.js';

/**
 * Whoever sends a blob without end would be listened to without end: no digest is known before it.
 *
 * @param sizes  of blobs, as a manifest says; of others nothing is known
 * @throws SourceError SOURCE_BAD_METADATA  by what it returns, of a blob that is larger
 */
export function withinSizes(
  store: BlobStore,
  sizes: Iterable<{ readonly name: string; readonly sizeBytes?: number | undefined }>,
): BlobStore {
  const known = new Map(Array.from(sizes, ({ name, sizeBytes }) => [name, sizeBytes]));
  return {
    ...store,
    async *read(name) {
      let left = known.get(name) ?? Number.POSITIVE_INFINITY;
      for await (const chunk of store.read(name)) {
        left -= chunk.length;
        if (left < 0)
          throw new SourceError(
            'SOURCE_BAD_METADATA',
            `the blob ${name} of ${store.place} has more than the ${known.get(name)} bytes that its manifest says`,
            { hint: 'It was damaged or changed: fetch or write it again.' },
          );
        yield chunk;
      }
    },
  };
}
