import { learnTextMask, type TextMismatch } from '../src/text/text-mask.js';

const SAMPLES_MAX = 10;

/**
 * Hold one text of a result against texts of the source, of which one more is made as long as it may explain the difference.
 *
 * @returns undefined: the result does what the source does
 */
export function judgeTexts(source: () => string, result: string): TextMismatch | undefined {
  const samples = [source(), source()];
  for (;;) {
    const mask = learnTextMask(samples);
    const mismatch = mask.mismatch(result);
    if (mismatch === undefined || samples.length === SAMPLES_MAX || !mask.mayBeNoise(result)) return mismatch;
    samples.push(source());
  }
}
