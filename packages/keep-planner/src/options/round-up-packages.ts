import type { RealPath } from '@keepset/symlink-resolver';
import type { PackageFiles, PackageOwners } from '../image/package-owners.js';
import type { Keeping } from '../plan/keeping.js';

/** Keep the whole of each package of which a run used a file. */
export function roundUpPackages(owners: PackageOwners, { source, ends }: Keeping): void {
  /** Package → the first file of it that a run used. */
  const used = new Map<PackageFiles, string>();
  for (const { path, reasons } of ends.sorted()) {
    const isUsed = reasons.some((reason) => reason.kind === 'access');
    if (!isUsed || source.tree.get(path)?.type !== 'file') continue;
    for (const owner of owners.ownersOf(path)) if (!used.has(owner)) used.set(owner, path);
  }
  for (const [{ files }, from] of used) {
    for (const path of files) {
      if (ends.get(path) !== undefined) continue;
      ends.add({ path: path as RealPath, crossed: [] }, [{ kind: 'rule', rule: 'round-up-package', from }]);
    }
  }
}
