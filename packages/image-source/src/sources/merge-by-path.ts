/**
 * Some entries among many, all by the bytes of their paths: folders before what they hold.
 *
 * @param many  sorted; one is held at a time
 * @param some  in any order, of other paths
 * @example Array.from(mergeByPath([{ path: '/a' }, { path: '/c' }], [{ path: '/b' }]), ({ path }) => path) // ['/a', '/b', '/c']
 */
export function* mergeByPath<T extends { readonly path: string }>(
  many: Iterable<T>,
  some: readonly T[],
): Generator<T> {
  const others = some.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  let next = 0;
  for (const entry of many) {
    for (let other = others[next]; other && other.path < entry.path; other = others[next]) {
      yield other;
      next++;
    }
    yield entry;
  }
  yield* others.slice(next);
}
