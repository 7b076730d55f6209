type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** One field of all entries, growing by doubling: a few bytes per entry where an object would take hundreds. */
export class Column<A extends NumberArray> {
  #values: A;
  #length = 0;

  constructor(readonly allocate: (length: number) => A) {
    this.#values = allocate(1024);
  }

  push(value: A[number]): void {
    if (this.#length === this.#values.length) {
      const larger = this.allocate(this.#length * 2);
      (larger as Uint8Array).set(this.#values as Uint8Array);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  at(index: number): A[number] {
    return this.#values[index] as A[number];
  }
}
