import type { RealPath } from '@keepset/symlink-resolver';
import type { PackageOwners } from '../image/package-owners.js';
import type { Keeping } from '../plan/keeping.js';
import { keepStartable } from './keep-programs.js';
import { textPath } from './path-text.js';

/** Keep the whole of each package that the user names, and what its programs need to be started. */
export async function keepPackages(
  names: readonly string[],
  owners: PackageOwners,
  keeping: Keeping,
): Promise<void> {
  const { source, ends, warnings } = keeping;
  const all: RealPath[] = [];
  for (const name of names) {
    const found = [...owners.named(name)];
    if (found.length === 0) {
      warnings.push({ kind: 'pattern-unmatched', option: 'keep-package', pattern: name });
    }
    for (const { files } of found) {
      for (const path of files) {
        // Of the image's own tree, so it is real.
        if (!source.tree.has(path)) continue;
        all.push(path as RealPath);
        ends.add({ path: path as RealPath, crossed: [] }, [
          { kind: 'rule', rule: 'keep-package', from: textPath(name) },
        ]);
      }
    }
  }
  await keepStartable(all, keeping);
}
