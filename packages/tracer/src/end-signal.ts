/** Aborted once a run has ended, however it did. */
export function endSignal(ended: Promise<unknown>): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  ended.then(abort, abort);
  return controller.signal;
}
