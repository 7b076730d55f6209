import type { RealPath } from '@keepset/symlink-resolver';
import type { Keeping } from '../plan/keeping.js';

/**
 * Keep the smallest entry of each directory that a run could not remove or replace because it was not empty, so
 * that it is not empty in the result either.
 */
export function fillDirectories(directories: readonly RealPath[], { source, ends }: Keeping): void {
  for (const directory of directories) {
    // Even if another entry is kept: more accesses must not keep less. Directories are small: what is below them is not kept.
    const entries = [...source.tree.children(directory)].map((entry) => {
      return { path: entry.path, bytes: entry.type === 'file' ? entry.sizeBytes : 0 };
    });
    const [smallest] = entries.sort(
      (left, right) => left.bytes - right.bytes || (left.path < right.path ? -1 : 1),
    );
    if (smallest === undefined) continue;
    ends.add({ path: smallest.path, crossed: [] }, [{ kind: 'rule', rule: 'not-empty', from: directory }]);
  }
}
