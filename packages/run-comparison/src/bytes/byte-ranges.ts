/** Of a run of bytes that may vary: a date of which two samples show the seconds alone is one with its year. */
const AROUND_BYTES = 32;
/** More places than these are no places. */
const RANGES_MAX = 10_000;

/** Places in a content, met from its start to its end; what is between two that are near each other belongs to them. */
export class ByteRanges {
  /** Start and end of each, without what is around. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #coveredBytes = 0;
  #isFull = false;

  /** Of them all, with what is around. */
  get coveredBytes(): number {
    return this.#coveredBytes;
  }

  /** Whether there are too many to be told. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** @param offset  not below those that were added before */
  add(offset: number): void {
    const last = this.#ends.length - 1;
    const end = this.#ends[last];
    if (end !== undefined && offset - end <= 2 * AROUND_BYTES) {
      this.#coveredBytes += offset + 1 - end;
      this.#ends[last] = offset + 1;
    } else if (this.#starts.length === RANGES_MAX) this.#isFull = true;
    else {
      this.#starts.push(offset);
      this.#ends.push(offset + 1);
      this.#coveredBytes += 1 + 2 * AROUND_BYTES;
    }
  }

  has(offset: number): boolean {
    return this.#placeOf(offset) >= 0;
  }

  /** Whether all of these are within others. */
  isWithin(others: ByteRanges): boolean {
    return this.#starts.every((start, at) => {
      const place = others.#placeOf(start);
      return place >= 0 && place === others.#placeOf((this.#ends[at] as number) - 1);
    });
  }

  /** Number of the range that an offset is in, or -1. */
  #placeOf(offset: number): number {
    // The last that begins before it.
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] as number) - AROUND_BYTES <= offset) low = middle + 1;
      else high = middle;
    }
    const place = low - 1;
    return place >= 0 && offset < (this.#ends[place] as number) + AROUND_BYTES ? place : -1;
  }
}
