import type { Progress } from '../progress.js';
import type { JudgedRun } from './judge-all.js';
import { printDifference } from './print-difference.js';
import type { ProofOptions } from './prove-result.js';

/**
 * Warn where a traced run did otherwise than the untraced ones, which agree with each other.
 *
 * @param isRefused  whether the result is
 */
export async function warnOfTracing(
  judged: readonly JudgedRun[],
  reference: ProofOptions['reference'],
  progress: Pick<Progress, 'note'>,
  isRefused = false,
): Promise<void> {
  if (reference === 'traced') return;
  for (const { run, judge } of judged) {
    if (run.trace === undefined) continue;
    const { differences, isLikeNoise } = await judge.compareOutput(run.ended);
    const [first] = differences;
    if (first === undefined || isLikeNoise) continue;
    progress.note(
      'TRACED_DIFFERENTLY',
      `the run '${run.run.name}' does otherwise when it is traced (${printDifference(first)}): the untraced runs count, and what only they use ${isRefused ? 'has to be named' : 'was found by them'}`,
    );
  }
}
