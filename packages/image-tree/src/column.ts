type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

const CHUNK_BITS = 12;
const CHUNK_LENGTH = 1 << CHUNK_BITS;

/**
 * One field of all entries: a few bytes per entry where an object would take hundreds. It grows by chunks, so that
 * nothing is copied; a chunk of zeros is not held.
 */
export class Column<A extends NumberArray> {
  readonly #allocate: (length: number) => A;
  readonly #chunks: (A | undefined)[] = [];

  constructor(allocate: (length: number) => A) {
    this.#allocate = allocate;
  }

  set(index: number, value: A[number]): void {
    const chunk = this.#chunks[index >>> CHUNK_BITS];
    if (chunk !== undefined) chunk[index & (CHUNK_LENGTH - 1)] = value;
    else if (value !== 0) this.#addChunk(index >>> CHUNK_BITS)[index & (CHUNK_LENGTH - 1)] = value;
  }

  /** What was not set is 0. */
  at(index: number): A[number] {
    const chunk = this.#chunks[index >>> CHUNK_BITS];
    return chunk === undefined ? 0 : (chunk[index & (CHUNK_LENGTH - 1)] as A[number]);
  }

  /** Fill an array of zeros, for what asks for each many times, as sorting does: a place in it is found at once. */
  copyTo(array: A): void {
    for (const [number, chunk] of this.#chunks.entries()) {
      const start = number << CHUNK_BITS;
      if (chunk !== undefined && start < array.length)
        array.set(chunk.subarray(0, array.length - start), start);
    }
  }

  #addChunk(number: number): A {
    // Without gaps, so that they are found by their places.
    while (this.#chunks.length < number) this.#chunks.push(undefined);
    const chunk = this.#allocate(CHUNK_LENGTH);
    this.#chunks[number] = chunk;
    return chunk;
  }
}
