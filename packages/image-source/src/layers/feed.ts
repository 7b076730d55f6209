/** A stream that several readers take from, one after the other; each begins with what the one before did not use. */
export class Feed {
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What comes first. */
  #waiting: Uint8Array[] = [];
  /** What a reader got, and may not have used. */
  #given: Uint8Array[] = [];
  /** How much of what is given was used. */
  #usedBytes: () => number = () => 0;
  #isOver = false;
  /** Of all that was taken so far. */
  sizeBytes = 0;
  /** What the stream failed with, which a reader between may word otherwise. */
  failure: { readonly error: unknown } | undefined;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** @returns the next bytes, which stay; fewer where there are no more */
  async peek(sizeBytes: number): Promise<Buffer> {
    this.#takeBack();
    while (this.#waiting.reduce((sum, { length }) => sum + length, 0) < sizeBytes) {
      const chunk = await this.#take();
      if (chunk === undefined) break;
      this.#waiting.push(chunk);
    }
    return Buffer.concat(this.#waiting).subarray(0, sizeBytes);
  }

  /**
   * Everything from here on. What it gave and nobody used is there for the next reader.
   *
   * @param usedBytes  how much of what this one gave was used so far
   */
  async *read(usedBytes: () => number): AsyncGenerator<Uint8Array> {
    this.#takeBack();
    let dropped = 0;
    this.#usedBytes = () => usedBytes() - dropped;
    for (;;) {
      const chunk = this.#waiting.shift() ?? (await this.#take());
      if (chunk === undefined) return;
      this.#given.push(chunk);
      yield chunk;
      for (let first = this.#given[0]; first && first.length <= this.#usedBytes(); first = this.#given[0]) {
        dropped += first.length;
        this.#given.shift();
      }
    }
  }

  /** A reader is told of the end before it has used all: what it used is known only when it is done. */
  #takeBack(): void {
    const left = Buffer.concat(this.#given).subarray(this.#usedBytes());
    if (left.length > 0) this.#waiting.unshift(left);
    this.#given = [];
    this.#usedBytes = () => 0;
  }

  /** Take what is left, so that whoever checks the stream at its end does. */
  async drain(): Promise<void> {
    while ((await this.#take()) !== undefined);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#chunks.return?.();
  }

  async #take(): Promise<Uint8Array | undefined> {
    // Whoever got it before may have had enough by then, and not heeded it.
    if (this.failure !== undefined) throw this.failure.error;
    if (this.#isOver) return undefined;
    try {
      const next = await this.#chunks.next();
      this.#isOver = next.done === true;
      if (next.done) return undefined;
      this.sizeBytes += next.value.length;
      return next.value;
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}
