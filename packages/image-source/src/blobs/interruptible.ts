import { EngineError } from '@keepset/docker-engine';
import type { BlobStore } from './blob-store.js';

/**
 * A store whose blobs are read only until somebody interrupts. A registry sees to that itself.
 *
 * @throws EngineError INTERRUPTED  by `read`, `readRange`
 */
export function interruptible(store: BlobStore, signal: AbortSignal | undefined): BlobStore {
  if (signal === undefined) return store;
  async function* untilAborted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      if (signal?.aborted) throw new EngineError('INTERRUPTED', 'interrupted');
      yield chunk;
    }
  }
  return {
    ...store,
    read: (name) => untilAborted(store.read(name)),
    readRange: (name, range) => untilAborted(store.readRange(name, range)),
  };
}
