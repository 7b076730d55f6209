import { learnTextMask, type TextMismatch } from '../src/text/text-mask.js';

/** As the shrinker takes them of quick commands: of a difference that looks like chance, and of any. */
const SAMPLES_MAX = 10;
const SAMPLES_OF_DOUBT = 5;

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
    const samplesMax = mask.mayBeNoise(result) ? SAMPLES_MAX : SAMPLES_OF_DOUBT;
    if (mismatch === undefined || samples.length >= samplesMax) return mismatch;
    samples.push(source());
  }
}
