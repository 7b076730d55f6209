import { resolvePaths } from '@keepset/symlink-resolver';
import { inventoryImage } from '../source/inventory-image.js';
import type { ReadSource } from '../source/open-source.js';

/** Something that the source has and a run of the result asked for in vain. */
export interface MissingPath {
  /** A byte string. */
  readonly path: string;
  /** Whose it is: `deb:libc6`. */
  readonly packages: readonly string[];
  /** It is a folder, or a link to one: what in it is needed is not known. */
  readonly leadsToFolder?: true;
}

/** Whose the paths are, but for directories: these are owned by many, and come with what is in them. */
export async function nameOwners(
  source: Pick<ReadSource, 'heads' | 'tree'>,
  paths: readonly string[],
): Promise<readonly MissingPath[]> {
  const tree = await source.tree();
  const { packages, owners } = await inventoryImage(tree, await source.heads());
  const others = paths.filter((path) => tree.get(path)?.type !== 'directory');
  // Folders alone: then nothing in them was asked for.
  const files = others.length > 0 ? others : paths;
  const ends = await resolvePaths(
    files.map((path) => ({ path })),
    tree,
  );
  return files.map((path, index) => ({
    path,
    packages: (owners.get(path) ?? []).flatMap((place) => {
      const owner = packages[place];
      return owner === undefined ? [] : [`${owner.ecosystem}:${owner.name}`];
    }),
    ...(tree.get(ends[index]?.path ?? '')?.type === 'directory' && { leadsToFolder: true as const }),
  }));
}
