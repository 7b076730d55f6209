import { EngineError } from '@keepset/docker-engine';
import type { BlobStore } from './blob-store.js';

/**
 * A store whose blobs are read only until somebody interrupts. A registry sees to that itself.
 *
 * @throws EngineError INTERRUPTED  by `read`
 */
export function interruptible(store: BlobStore, signal: AbortSignal | undefined): BlobStore {
  if (signal === undefined) return store;
  return {
    ...store,
    async *read(name) {
      for await (const chunk of store.read(name)) {
        if (signal.aborted) throw new EngineError('INTERRUPTED', 'interrupted');
        yield chunk;
      }
    },
  };
}
