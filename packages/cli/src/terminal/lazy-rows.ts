/** Items otherwise; each is made as it is asked for, and again the next time. */
export function mapEach<A, B>(items: Iterable<A>, toItem: (item: A) => B): Iterable<B> {
  return {
    *[Symbol.iterator]() {
      for (const item of items) yield toItem(item);
    },
  };
}

/** The first of many items. */
export function takeFirst<T>(items: Iterable<T>, count: number): Iterable<T> {
  return {
    *[Symbol.iterator]() {
      let left = count;
      for (const item of items) {
        if (left-- <= 0) return;
        yield item;
      }
    },
  };
}
