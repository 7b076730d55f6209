import type { RealPath } from '@keepset/symlink-resolver';
import type { Keeping } from '../plan/keeping.js';

/**
 * What becomes of the other entries of a directory that a run listed.
 *
 * - `drop`: they go; the program will see a shorter list.
 * - `stub`: they stay by name, type, mode and owner, files without content.
 * - `keep`: they stay with their content; directories among them are not gone into.
 */
export type ListedPolicy = 'drop' | 'stub' | 'keep';

export function keepListed(
  policy: ListedPolicy,
  directories: readonly RealPath[],
  { source, ends }: Keeping,
): void {
  if (policy === 'drop') return;
  for (const directory of directories) {
    for (const { path, type, sizeBytes } of source.tree.children(directory)) {
      const isStub = policy === 'stub' && type === 'file' && sizeBytes > 0;
      const reason = { kind: 'rule', rule: 'listed', from: directory } as const;
      if (isStub) ends.addStub(path, reason);
      else ends.add({ path, crossed: [] }, [reason]);
    }
  }
}
