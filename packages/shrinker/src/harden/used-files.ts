import type { Hardening } from '@keepset/hardening';
import type { ImageTree } from '@keepset/image-tree';
import { printPath } from '@keepset/strace-parser';
import type { KeptPaths } from './hardened-image.js';

/** What of an image runs used: the programs that they executed, and the folders of everything else. */
export function usedFiles(tree: ImageTree, used: KeptPaths, executed: readonly string[]): Hardening['used'] {
  const folders = new Set<string>();
  for (const path of used.keys())
    if (tree.get(path)?.type !== 'directory') folders.add(path.slice(0, path.lastIndexOf('/')) || '/');
  const programs = executed.filter((path) => tree.get(path)?.type === 'file');
  return { programs: programs.map(printPath).sort(), folders: [...folders].map(printPath).sort() };
}
