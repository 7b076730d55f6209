import type { InstalledPackage } from '@keepset/inventory';
import { amountOf, type PathAmount } from '../listing/file-listing.js';
import { firstNameOf } from '../record/first-name.js';
import type { Manifest } from '../record/manifest.js';

/** A package with what was kept, or removed, of it. A file of two packages counts for both. */
interface PackageAmount extends PathAmount {
  readonly package: InstalledPackage;
}

/** The packages of which the most was kept, and removed. */
export interface LargestPackages {
  /** The most bytes first. */
  readonly kept: readonly PackageAmount[];
  readonly removed: readonly PackageAmount[];
}

/**
 * The packages of which the most was kept, and the most was removed.
 *
 * @param count  of each
 * @returns      undefined where nobody looked whose the files are
 */
export function largestPackages(
  { plan, tree, inventory }: Pick<Manifest, 'plan' | 'tree' | 'inventory'>,
  count: number,
): LargestPackages | undefined {
  if (inventory === undefined) return undefined;
  const kept = new Map<number, Map<string, SizedEntry>>();
  const removed = new Map<number, Map<string, SizedEntry>>();
  for (const [path, owners] of inventory.owners) {
    const entry = tree.get(path);
    if (entry?.type !== 'file') continue;
    const found = plan.kept.get(entry.path);
    const isWhole = found !== undefined && !found.stub;
    const sized = { sizeBytes: entry.sizeBytes, hardLinkTo: firstNameOf(entry, tree) };
    for (const owner of owners) {
      const side = isWhole ? kept : removed;
      const files = side.get(owner);
      if (files === undefined) side.set(owner, new Map([[path, sized]]));
      else files.set(path, sized);
    }
  }
  const largest = (side: typeof kept) =>
    [...side]
      .flatMap(([owner, files]): PackageAmount[] => {
        const found = inventory.packages[owner];
        return found === undefined ? [] : [{ package: found, ...amountOf(files) }];
      })
      .sort(
        (one, other) => other.sizeBytes - one.sizeBytes || (one.package.purl < other.package.purl ? -1 : 1),
      )
      .slice(0, count);
  return { kept: largest(kept), removed: largest(removed) };
}

interface SizedEntry {
  readonly sizeBytes: number;
  readonly hardLinkTo: string | undefined;
}
