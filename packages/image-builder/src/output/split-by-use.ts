import type { TarPlace } from '@keepset/image-source';

type Named = Pick<TarPlace, 'name' | 'type' | 'linkName'>;

/**
 * Entries of a layer in two groups: what is used first, in that order, with the folders on the way and what hard links name; and
 * the rest, in the order in which it was.
 *
 * @param entries  as a layer of keepset's names them
 * @param used     paths, byte strings; those that the layer has not are left out
 */
export function splitByUse<Entry extends Named>(
  entries: readonly Entry[],
  used: readonly string[],
): readonly [first: readonly Entry[], rest: readonly Entry[]] {
  const byPath = new Map(used.length === 0 ? [] : entries.map((entry) => [pathOf(entry), entry]));
  const first = new Set<Entry>();
  const add = (path: string) => {
    const entry = byPath.get(path);
    if (entry === undefined || first.has(entry)) return;
    if (path !== '/') add(path.slice(0, Math.max(1, path.lastIndexOf('/'))));
    if (entry.type === 'hard-link') add(`/${entry.linkName}`);
    first.add(entry);
  };
  for (const path of used) add(path);
  return [[...first], entries.filter((entry) => !first.has(entry))];
}

/** './' → '/', 'etc/' → '/etc' */
function pathOf({ name }: Named): string {
  return name === './' ? '/' : `/${name.replace(/\/$/, '')}`;
}
