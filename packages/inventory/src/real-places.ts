import type { ImageTree } from '@keepset/image-tree';
import { resolvePaths } from '@keepset/symlink-resolver';
import { folderOf } from './package-reader.js';

/**
 * Where what databases name really is: links on the way are followed, the last component is not. On a system with
 * merged /usr, `/bin/sh` of a list is the link `/usr/bin/sh`.
 *
 * @param paths  absolute byte strings
 * @returns      the real path, also of what is not there; undefined where its folder is not there
 */
export async function realPlaces(
  paths: Iterable<string>,
  tree: ImageTree,
): Promise<(path: string) => string | undefined> {
  const named = new Set<string>();
  for (const path of paths) named.add(folderOf(path));
  const folders = [...named];
  const resolutions = await resolvePaths(
    folders.map((path) => ({ path })),
    tree,
  );
  const real = new Map(
    folders.map((folder, index) => {
      const resolution = resolutions[index];
      return [folder, resolution?.failure === undefined ? resolution?.path : undefined];
    }),
  );
  return (path) => {
    const asked = folderOf(path);
    const folder = real.get(asked);
    // Most are there already: no text of an image of a million files is made twice.
    if (folder === undefined || folder === asked) return folder === undefined ? undefined : path;
    return `${folder === '/' ? '' : folder}${path.slice(path.lastIndexOf('/'))}`;
  };
}
