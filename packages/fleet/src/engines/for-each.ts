/**
 * Do something with each item, so many at a time; an item begins when another has ended.
 *
 * @param jobs  how many at a time
 * @throws what an action throws first; those that are going on are waited for, and no others begin
 */
export async function forEach<T>(
  items: Iterable<T>,
  jobs: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  // One iterator for all: each takes the next item when it is free.
  const left = items[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const work = async () => {
    for (let next = left.next(); next.done !== true; next = left.next()) {
      if (failure !== undefined) return;
      try {
        await action(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  if (failure !== undefined) throw failure.error;
}
