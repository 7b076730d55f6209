import type { UsedFiles } from '@keepset/hardening';
import type { ImageTree } from '@keepset/image-tree';
import { printPath } from '@keepset/strace-parser';
import type { KeptPaths } from './hardened-image.js';

/** What of an image runs used: the programs that they executed, the folders of everything else, and folders themselves. */
export function usedFiles(
  tree: Pick<ImageTree, 'get'>,
  used: KeptPaths,
  executed: readonly string[],
): Omit<UsedFiles, 'mounts'> {
  const folders = new Set<string>();
  const listed: string[] = [];
  for (const path of used.keys())
    if (tree.get(path)?.type === 'directory') listed.push(path);
    else folders.add(path.slice(0, path.lastIndexOf('/')) || '/');
  const programs = executed.filter((path) => tree.get(path)?.type === 'file');
  return {
    programs: programs.map(printPath).sort(),
    folders: [...folders].map(printPath).sort(),
    listed: listed.map(printPath).sort(),
  };
}
