import type { SourceImage } from '@keepset/keep-planner';
import { inventoryImage } from './inventory-image.js';
import type { ReadSource } from './open-source.js';
import { toOwners } from './to-owners.js';

/** The planner's view: what is where from the listing, which tells of links as well; contents through the reader. */
export async function toPlannerSource(source: Pick<ReadSource, 'tree' | 'heads'>): Promise<SourceImage> {
  const tree = await source.tree();
  return {
    tree,
    readLinks: (paths) => tree.readLinks(paths),
    readOwners: async () => toOwners(await inventoryImage(tree, await source.heads())),
    async readHeads(paths, maxBytes) {
      const known = paths.filter((path) => tree.get(path)?.type === 'file');
      const reader = await source.heads();
      const heads = await reader.readHeads(
        known.map((path) => ({ path, sizeBytes: tree.get(path)?.sizeBytes ?? 0 })),
        maxBytes,
      );
      const found = new Map(known.map((path, index) => [path, heads[index]]));
      return paths.map((path) => found.get(path));
    },
  };
}
