interface Named {
  readonly path: string;
}

/**
 * Some entries among many, all by the bytes of their paths: folders before what they hold.
 *
 * @param many  sorted; one is held at a time
 * @param some  in any order, of other paths
 * @example Array.from(mergeByPath([{ path: '/a' }, { path: '/c' }], [{ path: '/b' }]), ({ path }) => path) // ['/a', '/b', '/c']
 */
export function* mergeByPath<T extends Named>(many: Iterable<T>, some: readonly T[]): Generator<T> {
  const others = queueByPath(some);
  for (const entry of many) {
    yield* others.before(entry.path);
    yield entry;
  }
  yield* others.rest();
}

/**
 * The same of entries that come one after the other.
 *
 * @example (await Array.fromAsync(mergeEntries(image.entries(['/etc/motd']), []))).length // 1
 */
export function mergeEntries<T extends Named>(many: AsyncIterable<T>, some: readonly T[]): AsyncIterable<T> {
  return some.length === 0 ? many : merged(many, some);
}

async function* merged<T extends Named>(many: AsyncIterable<T>, some: readonly T[]): AsyncGenerator<T> {
  const others = queueByPath(some);
  for await (const entry of many) {
    yield* others.before(entry.path);
    yield entry;
  }
  yield* others.rest();
}

/** Each is given once. */
function queueByPath<T extends Named>(some: readonly T[]) {
  const queue = some.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  let next = 0;
  return {
    *before(path: string): Generator<T> {
      for (let first = queue[next]; first && first.path < path; first = queue[next]) {
        next++;
        yield first;
      }
    },
    rest: () => queue.slice(next),
  };
}
