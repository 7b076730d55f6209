import type { Work } from './work.js';

/**
 * Tell when a result is larger than its source. It is no error: the result is right, and engines count differently
 * (compressed or not, with holes or without).
 */
export function tellGrowth(
  { streams }: Pick<Work, 'streams'>,
  sourceBytes: number,
  resultBytes: number | undefined,
): void {
  if (resultBytes === undefined || resultBytes <= sourceBytes) return;
  const message = `warning: the result is larger than the source (${resultBytes} instead of ${sourceBytes} bytes)`;
  streams.onEvent({ kind: 'note', message });
}
