import type { Readable } from 'node:stream';
import { EngineError, toEngineError } from './engine-error.js';
import { createRestartPatience } from './restart-patience.js';

/** What is alive at the engine on behalf of one connection, and how it ends. */
export interface Session {
  /**
   * Run one request. Its error becomes an EngineError; an abort rejects at once, while what the request made is
   * still removed by whoever asked for it.
   */
  guard<T>(context: string, request: () => Promise<T>): Promise<T>;
  /** Destroy the stream when the session is aborted. */
  untilAborted(stream: Readable): void;
  /** Remember something that must be removed at the latest with the session. */
  keep(id: string, remove: () => Promise<void>): void;
  /** Remove it once, now. Not stopped by an abort, which is what cleaning up is for, nor by a restart of the engine. */
  remove(id: string, action: () => Promise<void>): Promise<void>;
  /** Run a removal again while the engine is being restarted. */
  outlastRestart<T>(removal: () => Promise<T>): Promise<T>;
  removeAll(): Promise<void>;
}

export function createSession(signal: AbortSignal | undefined): Session {
  const removals = new Map<string, () => Promise<void>>();
  const under = new Map<string, Promise<void>>();
  const outlastRestart = createRestartPatience();
  const interrupted = () => new EngineError('INTERRUPTED', 'interrupted');

  return {
    async guard(context, request) {
      if (signal?.aborted) throw interrupted();
      let onAbort: (() => void) | undefined;
      const aborted = new Promise<never>((_, reject) => {
        onAbort = () => reject(interrupted());
        signal?.addEventListener('abort', onAbort, { once: true });
      });
      try {
        const requested = request();
        aborted.catch(() => requested.then(discard, () => {}));
        return await Promise.race([requested, aborted]);
      } catch (error) {
        throw toEngineError(error, context);
      } finally {
        if (onAbort) signal?.removeEventListener('abort', onAbort);
      }
    },

    untilAborted(stream) {
      const destroy = () => stream.destroy(interrupted());
      // Whoever reads the stream is told; before anyone reads, nobody need be.
      stream.on('error', () => {});
      if (signal?.aborted) return void destroy();
      signal?.addEventListener('abort', destroy, { once: true });
      stream.once('close', () => signal?.removeEventListener('abort', destroy));
    },

    keep(id, remove) {
      removals.set(id, remove);
    },

    async remove(id, action) {
      let removal = under.get(id);
      if (removal === undefined) {
        removal = outlastRestart(action);
        under.set(id, removal);
      }
      await removal;
      removals.delete(id);
    },

    outlastRestart,

    async removeAll() {
      await Promise.allSettled([...removals.values()].map((remove) => remove()));
    },
  };
}

/** An answer that nobody waits for any more. A stream of it that is left open holds the engine's lock on its container. */
function discard(answer: unknown): void {
  (answer as { destroy?: () => void } | undefined)?.destroy?.();
}
