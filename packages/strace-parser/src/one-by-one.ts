/**
 * The items of batches, one by one. By hand, because `yield*` in an async generator waits several times for
 * every item, and a log has millions.
 */
export function oneByOne<T>(batches: AsyncIterator<T[]>): AsyncIterableIterator<T> {
  return new OneByOne(batches);
}

class OneByOne<T> implements AsyncIterableIterator<T> {
  private batch: Array<T | undefined> = [];
  private at = 0;

  constructor(private readonly batches: AsyncIterator<T[]>) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.at < this.batch.length) {
      return Promise.resolve({ value: this.take(), done: false });
    }
    return this.nextBatch();
  }

  async return(): Promise<IteratorResult<T>> {
    await this.batches.return?.();
    return { value: undefined, done: true };
  }

  /** What has been handed out is forgotten at once: whatever hangs on it can go. */
  private take(): T {
    const item = this.batch[this.at] as T;
    this.batch[this.at++] = undefined;
    return item;
  }

  private async nextBatch(): Promise<IteratorResult<T>> {
    for (;;) {
      const { value, done } = await this.batches.next();
      if (done) return { value: undefined, done: true };
      if (value.length === 0) continue;
      this.batch = value;
      this.at = 0;
      return { value: this.take(), done: false };
    }
  }
}
