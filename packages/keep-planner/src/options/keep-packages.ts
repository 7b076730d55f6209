import type { RealPath } from '@keepset/symlink-resolver';
import type { PackageOwners } from '../image/package-owners.js';
import type { Keeping } from '../plan/keeping.js';
import { textPath } from './path-text.js';

/** Keep the whole of each package that the user names. */
export function keepPackages(
  names: readonly string[],
  owners: PackageOwners,
  { source, ends, warnings }: Keeping,
): void {
  for (const name of names) {
    const found = [...owners.named(name)];
    if (found.length === 0) {
      warnings.push({ kind: 'pattern-unmatched', option: 'keep-package', pattern: name });
    }
    for (const { files } of found) {
      for (const path of files) {
        // Of the image's own tree, so it is real.
        if (!source.tree.has(path)) continue;
        ends.add({ path: path as RealPath, crossed: [] }, [
          { kind: 'rule', rule: 'keep-package', from: textPath(name) },
        ]);
      }
    }
  }
}
