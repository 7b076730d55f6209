import type { Repository } from '@keepset/docker-engine';
import { SourceError } from '../source-error.js';
import type { BlobStore } from './blob-store.js';

/**
 * The blobs and manifests of a repository.
 *
 * @param place  for messages: its name
 */
export function registryStore(repository: Repository, place: string): BlobStore {
  return {
    place,
    read: (name) => repository.readBlob(name),
    readRange: (name, range) => repository.readBlob(name, range),
    async *readManifest(name) {
      const manifest = await repository.getManifest(name);
      if (manifest === undefined)
        throw new SourceError(
          'SOURCE_NOT_FOUND',
          `${repository.registry} has no manifest ${name} of ${place}`,
        );
      yield manifest.content;
    },
    async [Symbol.asyncDispose]() {},
  };
}
