import type { PlacesImage } from '@keepset/hardening';
import type { ImageTree } from '@keepset/image-tree';

/** What a result holds: of the source's tree what is kept. */
export function placesImage(tree: ImageTree, kept: { has(path: string): boolean }): PlacesImage {
  let folders: ReadonlySet<string> | undefined;
  return {
    get: (path) => (kept.has(path) ? tree.get(path) : undefined),
    hasContents(folder) {
      folders ??= foldersWithContents(tree, kept);
      return folders.has(folder);
    },
  };
}

function foldersWithContents(tree: ImageTree, kept: { has(path: string): boolean }): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { path } of tree.entries())
    if (kept.has(path)) folders.add(path.slice(0, path.lastIndexOf('/')));
  return folders;
}
