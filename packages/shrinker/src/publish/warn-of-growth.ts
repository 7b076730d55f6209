import type { Progress } from '../progress.js';

/**
 * Warn when a result is larger than its source. It is no error: the result is right, and engines count differently
 * (compressed or not, with holes or without).
 */
export function warnOfGrowth(
  progress: Pick<Progress, 'note'>,
  sourceBytes: number,
  resultBytes: number | undefined,
): void {
  if (resultBytes === undefined || resultBytes <= sourceBytes) return;
  progress.note(
    'RESULT_LARGER',
    `warning: the result is larger than the source (${resultBytes} instead of ${sourceBytes} bytes)`,
  );
}
