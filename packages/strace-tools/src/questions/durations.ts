/** Each step of the scale is so much longer than the one before: percentiles are right within a hundredth. */
const STEP = Math.log(1.02);
/** Below it all durations are one step: a tenth of a nanosecond. */
const SHORTEST = 1e-10;

/** How long something took, how often: in little memory, so that there can be one for each file of a log. */
export class Durations {
  count = 0;
  /** Seconds. */
  total = 0;
  longest = 0;
  /** How often by step. Of one duration, which is all that many threads have, it is not needed. */
  #steps: Map<number, number> | undefined;

  add(seconds: number): void {
    if (this.count === 1) this.#steps = new Map([[stepOf(this.total), 1]]);
    this.count++;
    this.total += seconds;
    if (seconds > this.longest) this.longest = seconds;
    const step = stepOf(seconds);
    this.#steps?.set(step, (this.#steps.get(step) ?? 0) + 1);
  }

  /**
   * The duration that so many are not longer than, within a hundredth.
   *
   * @param share  0 to 1
   */
  percentile(share: number): number {
    let rest = Math.ceil(share * this.count);
    for (const [step, count] of [...(this.#steps ?? [])].sort(([a], [b]) => a - b)) {
      rest -= count;
      if (rest <= 0)
        return Math.min(step === Number.NEGATIVE_INFINITY ? 0 : Math.exp(step * STEP), this.longest);
    }
    return this.longest;
  }
}

function stepOf(seconds: number): number {
  return seconds < SHORTEST ? Number.NEGATIVE_INFINITY : Math.round(Math.log(seconds) / STEP);
}
