import type { ImageTree } from '@keepset/image-tree';
import { type LinkReader, type Resolution, resolvePaths } from '@keepset/symlink-resolver';
import { DEFAULT_PATH } from './image-needs.js';

export interface WantedProgram {
  readonly name: string;
  readonly path?: string | undefined;
  readonly workingDirectory?: string | undefined;
  readonly root?: string | undefined;
}

/**
 * Find programs as execvp(3) does: a name with a slash is a path, any other is looked for in PATH.
 *
 * @returns  for each the way to an executable file, or undefined
 */
export async function findPrograms(
  wanted: readonly WantedProgram[],
  { tree, links }: { readonly tree: ImageTree; readonly links: LinkReader },
): Promise<readonly (Resolution | undefined)[]> {
  const candidates = wanted.map(candidatePaths);
  const requests = candidates.flatMap((paths, index) => {
    const root = wanted[index]?.root;
    return paths.map((path) => (root === undefined ? { path } : { path, root }));
  });
  const resolutions = await resolvePaths(requests, links);
  let next = 0;
  return candidates.map((paths) => {
    const found = resolutions.slice(next, next + paths.length);
    next += paths.length;
    return found.find((resolution) => isProgram(resolution, tree));
  });
}

function candidatePaths({ name, path, workingDirectory }: WantedProgram): readonly string[] {
  const here = workingDirectory?.startsWith('/') ? workingDirectory : '/';
  if (name.startsWith('/')) return [name];
  if (name.includes('/')) return [`${here}/${name}`];
  // An empty element of PATH is the working directory.
  return (path ?? DEFAULT_PATH).split(':').map((directory) => {
    return directory.startsWith('/') ? `${directory}/${name}` : `${here}/${directory}/${name}`;
  });
}

function isProgram({ failure, path }: Resolution, tree: ImageTree): boolean {
  if (failure !== undefined) return false;
  const entry = tree.get(path);
  return entry?.type === 'file' && (entry.mode & 0o111) !== 0;
}
