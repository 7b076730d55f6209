import type { ImageConfig } from '@keepset/docker-engine';
import type { ImageTree } from '@keepset/image-tree';
import { type Resolution, resolvePaths } from '@keepset/symlink-resolver';
import { pathFolders } from './path-folders.js';

/**
 * Where programs are, by PATH of the image: executable files, with each link and folder on the way.
 *
 * @param names  without a slash, or absolute paths; byte strings
 * @returns of each name all places that it is found at, in the order of PATH
 */
export async function findPrograms(
  names: readonly string[],
  config: Pick<ImageConfig, 'Env'>,
  tree: ImageTree,
): Promise<ReadonlyMap<string, readonly Resolution[]>> {
  const folders = pathFolders(config);
  const candidates = names.flatMap((name) =>
    name.startsWith('/')
      ? [{ name, path: name }]
      : folders.map((folder) => ({ name, path: `${folder}/${name}` })),
  );
  const resolutions = await resolvePaths(candidates, tree);
  const found = new Map<string, Resolution[]>(names.map((name) => [name, []]));
  for (const [index, { name }] of candidates.entries()) {
    const resolution = resolutions[index];
    if (resolution === undefined || resolution.failure !== undefined) continue;
    const entry = tree.get(resolution.path);
    if (entry?.type === 'file' && (entry.mode & 0o111) !== 0) found.get(name)?.push(resolution);
  }
  return found;
}
