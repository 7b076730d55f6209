import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../engine-error.js';
import { waitMsOf } from './registry-fault.js';

/**
 * Do what asks a registry, and again where it says that this may help.
 *
 * @throws EngineError  of the last time; INTERRUPTED
 */
export async function patiently<T>(signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await action();
    } catch (error) {
      const waitMs = waitMsOf(error, tried);
      if (waitMs === undefined) throw error;
      await sleep(waitMs, undefined, signal && { signal }).catch((cause) => {
        throw new EngineError('INTERRUPTED', 'interrupted', { cause });
      });
    }
  }
}
