import { learnTextMask, type TextMask, type TextMismatch } from '../src/text/text-mask.js';

/** As the shrinker takes them of quick commands: of a difference that looks like chance, and of any. */
const SAMPLES_MAX = 10;
const SAMPLES_OF_DOUBT = 5;

/**
 * Hold texts of a result against texts of the source, of which one more is made as long as it may explain the difference. What is
 * learnt of these is learnt once.
 *
 * @returns  undefined for a result: it does what the source does
 */
export function createJudge(source: () => string): (result: string) => TextMismatch | undefined {
  const samples: string[] = [];
  const masks = new Map<number, TextMask>();
  const learnt = (count: number): TextMask => {
    while (samples.length < count) samples.push(source());
    const mask = masks.get(count) ?? learnTextMask(samples.slice(0, count));
    masks.set(count, mask);
    return mask;
  };
  return (result) => {
    for (let count = 2; ; count++) {
      const mask = learnt(count);
      const mismatch = mask.mismatch(result);
      const samplesMax = mask.mayBeNoise(result) ? SAMPLES_MAX : SAMPLES_OF_DOUBT;
      if (mismatch === undefined || count >= samplesMax) return mismatch;
    }
  };
}

/** The same of one text. */
export function judgeTexts(source: () => string, result: string): TextMismatch | undefined {
  return createJudge(source)(result);
}
