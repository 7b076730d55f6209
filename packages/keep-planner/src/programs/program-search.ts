import type { ImageTree } from '@keepset/image-tree';
import type { Resolution, ResolveRequest } from '@keepset/symlink-resolver';
import { DEFAULT_PATH } from '../image/image-needs.js';

export interface WantedProgram {
  readonly name: string;
  /** Default the engine's. */
  readonly path?: string | undefined;
  /** Default `/`. */
  readonly workingDirectory?: string | undefined;
  readonly root?: string | undefined;
}

/** Where execvp(3) looks for a program: a name with a slash is a path, any other is looked for in PATH. */
export function programRequests(wanted: WantedProgram): readonly ResolveRequest[] {
  const { root } = wanted;
  return candidatePaths(wanted).map((path) => (root === undefined ? { path } : { path, root }));
}

/** The first of the places that is an executable file. */
export function firstProgram(resolutions: readonly Resolution[], tree: ImageTree): Resolution | undefined {
  return resolutions.find(({ failure, path }) => {
    if (failure !== undefined) return false;
    const entry = tree.get(path);
    return entry?.type === 'file' && (entry.mode & 0o111) !== 0;
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
