import { PIECE_BYTES, type TraceInput, toChunks } from './input.js';

/** Reads a log, and collects what it finds. */
export interface Collector<T> {
  /** What was found and has not been taken. */
  found: T[];
  /** What must be there before anything is read. */
  prepare?(): Promise<void>;
  /** Bytes of the log, from `start` to `end`. */
  push(bytes: Uint8Array, start: number, end: number): void;
  /** Read them until there are so many finds, or no whole line is left. */
  advance(wanted: number): void;
  /** The log is at its end. */
  finish(): void;
}

/**
 * What is found in a log, one by one or in batches. Of a chunk no more is read than is asked for, so that what was
 * found is gone before more is. By hand, because a generator waits several times for every item, and a log has
 * millions.
 */
export class Finds<T> implements AsyncIterableIterator<T> {
  readonly #chunks: AsyncGenerator<Uint8Array>;
  private chunk: Uint8Array = new Uint8Array();
  /** How much of the chunk has been read. */
  #read = 0;
  #finished = false;
  #prepared = false;
  #batch: Array<T | undefined> = [];
  #taken = 0;

  constructor(
    input: TraceInput,
    private readonly collector: Collector<T>,
  ) {
    this.#chunks = toChunks(input);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#taken < this.#batch.length || this.#refill(1)) {
      return Promise.resolve({ value: this.#take(), done: false });
    }
    return this.#nextOfChunks();
  }

  async return(): Promise<IteratorResult<T>> {
    this.#finished = true;
    this.chunk = new Uint8Array();
    this.#batch = [];
    await this.#chunks.return(undefined);
    return { value: undefined, done: true };
  }

  /** All of them in arrays of about this length: several times as fast as one by one. Instead of `next`, not beside it. */
  async *batches(length = 32): AsyncGenerator<T[]> {
    try {
      while (await this.#nextChunk()) while (this.#refill(length)) yield this.#batch as T[];
    } finally {
      await this.return();
    }
  }

  /** Read on in the chunk until there are so many. False: it is at its end, and there is nothing. */
  #refill(length: number): boolean {
    const { chunk, collector } = this;
    if (!this.#prepared) return false;
    collector.advance(length);
    while (this.#read < chunk.length && collector.found.length < length) {
      const end = Math.min(this.#read + PIECE_BYTES, chunk.length);
      collector.push(chunk, this.#read, end);
      this.#read = end;
      collector.advance(length);
    }
    this.#batch = collector.found;
    this.#taken = 0;
    if (this.#batch.length === 0) return false;
    collector.found = [];
    return true;
  }

  /** The next chunk, and after the last one nothing more than what is found at the end. False: that is over, too. */
  async #nextChunk(): Promise<boolean> {
    if (this.#finished) return false;
    if (!this.#prepared) await this.collector.prepare?.();
    this.#prepared = true;
    const { value, done } = await this.#chunks.next();
    this.chunk = done ? new Uint8Array() : value;
    this.#read = 0;
    if (done) {
      this.#finished = true;
      this.collector.finish();
    }
    return true;
  }

  async #nextOfChunks(): Promise<IteratorResult<T>> {
    while (await this.#nextChunk()) if (this.#refill(1)) return { value: this.#take(), done: false };
    return { value: undefined, done: true };
  }

  /** What has been handed out is forgotten at once: whatever hangs on it can go. */
  #take(): T {
    const item = this.#batch[this.#taken] as T;
    this.#batch[this.#taken++] = undefined;
    return item;
  }
}
