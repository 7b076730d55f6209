/** More places than these are no places. */
const RANGES_MAX = 10_000;

/** Places in a content, met from its start to its end; what is between two that are near each other belongs to them. */
export class ByteRanges {
  /** Start and end of each, without what is around. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #around: number;
  #isFull = false;

  /** @param around  how many bytes before and after a place are near it. Default 0 */
  constructor(around = 0) {
    this.#around = around;
  }

  /** Of them all, with what is around. */
  get coveredBytes(): number {
    return this.#ends.reduce(
      (sum, end, at) => sum + end - (this.#starts[at] as number) + 2 * this.#around,
      0,
    );
  }

  /** How many places there are. */
  get count(): number {
    return this.#starts.length;
  }

  /** Whether there are too many to be told. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /**
   * @param start  of the place, which is not before those that were added before
   * @param end    after its last byte
   * @param gap    how many bytes that are the same between two places are no more than chance. Default 0
   */
  add(start: number, end = start + 1, gap = 0): void {
    let [first, last] = [start, end];
    while (this.#ends.length > 0 && first - (this.#ends.at(-1) as number) <= 2 * this.#around + gap) {
      first = Math.min(first, this.#starts.pop() as number);
      last = Math.max(last, this.#ends.pop() as number);
    }
    if (this.#starts.length === RANGES_MAX) this.#isFull = true;
    else {
      this.#starts.push(first);
      this.#ends.push(last);
    }
  }

  /** @param around  how near is near enough. Default: as near as for all */
  has(offset: number, around = this.#around): boolean {
    return this.#placeOf(offset, around) >= 0;
  }

  /** Whether all of these are within others. */
  isWithin(others: ByteRanges): boolean {
    return this.#starts.every((start, at) => {
      const place = others.#placeOf(start);
      return place >= 0 && place === others.#placeOf((this.#ends[at] as number) - 1);
    });
  }

  /** Number of the range that an offset is in, or -1. */
  #placeOf(offset: number, around = this.#around): number {
    // The last that begins before it.
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] as number) - around <= offset) low = middle + 1;
      else high = middle;
    }
    const place = low - 1;
    return place >= 0 && offset < (this.#ends[place] as number) + around ? place : -1;
  }
}
