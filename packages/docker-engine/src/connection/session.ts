import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { EngineError, toEngineError } from '../engine-error.js';
import { createRestartPatience } from './restart-patience.js';

/** What is alive at the engine on behalf of one connection, and how it ends. */
export interface Session {
  /** Unique to it. */
  readonly id: string;
  /** Whose it is; empty: nobody said. */
  readonly owner: string;
  /**
   * Run one request. Its error becomes an EngineError; an abort rejects at once, while what the request made is
   * still removed by whoever asked for it.
   */
  guard<T>(context: string, request: () => Promise<T>): Promise<T>;
  /** @throws EngineError INTERRUPTED  the session is aborted */
  throwIfAborted(): void;
  /** Destroy the stream when the session is aborted. */
  untilAborted(stream: Readable): void;
  /** Remember something that must be removed at the latest with the session. */
  add(id: string, remove: () => Promise<void>): void;
  /** Remove it once, now. An abort does not stop this, nor does a restart of the engine. */
  remove(id: string, action: () => Promise<void>): Promise<void>;
  /** Run a removal again while the engine is being restarted. */
  outlastRestart<T>(removal: () => Promise<T>): Promise<T>;
  /** Remove whatever is left, all at once; what cannot be removed is left. */
  removeAll(): Promise<void>;
}

/** @param signal  aborting it ends every request of the session */
export function createSession(signal: AbortSignal | undefined, owner = ''): Session {
  const removals = new Map<string, () => Promise<void>>();
  const under = new Map<string, Promise<void>>();
  const outlastRestart = createRestartPatience();
  const throwIfAborted = () => {
    if (signal?.aborted) throw interrupted();
  };

  return {
    id: randomUUID(),
    owner,
    throwIfAborted,

    async guard(context, request) {
      throwIfAborted();
      try {
        return await untilAbort(signal, request);
      } catch (error) {
        throw toEngineError(error, context);
      }
    },

    untilAborted(stream) {
      const destroy = () => stream.destroy(interrupted());
      // Whoever reads the stream gets the error; before anyone does, it is nobody's.
      stream.on('error', () => {});
      if (signal?.aborted) return void destroy();
      signal?.addEventListener('abort', destroy, { once: true });
      stream.once('close', () => signal?.removeEventListener('abort', destroy));
    },

    add(id, remove) {
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

function interrupted(): EngineError {
  return new EngineError('INTERRUPTED', 'interrupted');
}

/** @throws EngineError INTERRUPTED  at once; what is answered later is discarded */
async function untilAbort<T>(signal: AbortSignal | undefined, request: () => Promise<T>): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(interrupted());
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const requested = request();
    aborted.catch(() => requested.then(discard, () => {}));
    return await Promise.race([requested, aborted]);
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}

/** An answer that nobody waits for any more. A stream of it that is left open holds the engine's lock on its container. */
function discard(answer: unknown): void {
  (answer as { destroy?: () => void } | undefined)?.destroy?.();
}
