import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../engine-error.js';

/** From the first request that got no answer: an engine that is started again takes seconds. */
const PATIENCE_MS = 20 * 1000;
const RETRY_MS = 250;

/**
 * How cleaning up outlasts a restart of the engine: what it held before is there again afterwards, and must go.
 *
 * @param patienceMs  for all removals together: an engine that stays away is waited for once
 * @returns runs a removal, again and again while the engine does not answer
 */
export function createRestartPatience(
  patienceMs = PATIENCE_MS,
): <T>(removal: () => Promise<T>) => Promise<T> {
  let deadlineMs: number | undefined;
  return async (removal) => {
    for (;;) {
      try {
        return await removal();
      } catch (error) {
        if (!(error instanceof EngineError) || error.code !== 'ENGINE_UNREACHABLE') throw error;
        deadlineMs ??= performance.now() + patienceMs;
        if (performance.now() >= deadlineMs) throw error;
        await delay(RETRY_MS);
      }
    }
  };
}
