type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

const LENGTH_MIN = 1024;

/** One field of all entries, growing by doubling: a few bytes per entry where an object would take hundreds. */
export class Column<A extends NumberArray> {
  readonly #allocate: (length: number) => A;
  #values: A;

  constructor(allocate: (length: number) => A) {
    this.#allocate = allocate;
    this.#values = allocate(LENGTH_MIN);
  }

  /** What was not set is 0. */
  set(index: number, value: A[number]): void {
    if (index >= this.#values.length) {
      const larger = this.#allocate(Math.max(index + 1, this.#values.length * 2));
      larger.set(this.#values as never);
      this.#values = larger;
    }
    this.#values[index] = value;
  }

  at(index: number): A[number] {
    return this.#values[index] as A[number];
  }
}
