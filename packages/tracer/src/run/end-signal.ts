import { setTimeout as sleep } from 'node:timers/promises';

/** Aborted once a run has ended, however it did. */
export function endSignal(ended: Promise<unknown>): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  ended.then(abort, abort);
  return controller.signal;
}

/** Wait, as long as the run goes on. Whether it still does. */
export async function pauseUntil(signal: AbortSignal, seconds: number): Promise<boolean> {
  await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}
