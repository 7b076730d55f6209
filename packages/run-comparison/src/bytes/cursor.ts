/** Reads chunks of any size, as many bytes at a time as are at hand. */
export class Cursor implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** What is at hand; empty at the end. */
  async peek(): Promise<Buffer> {
    while (this.#buffer.length === 0 && (await this.#fill()));
    return this.#buffer;
  }

  skip(count: number): void {
    this.#buffer = this.#buffer.subarray(count);
  }

  async take(count: number): Promise<Buffer> {
    while (this.#buffer.length < count && (await this.#fill()));
    return this.#buffer.subarray(0, count);
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#buffer = Buffer.concat([this.#buffer, value]);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }
}
