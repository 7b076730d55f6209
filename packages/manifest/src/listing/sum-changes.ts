import { type ChangeKind, type FileChange, factsOf } from './compare-listings.js';
import { AmountSum, type PathAmount } from './file-listing.js';
import { folderOf } from './folder-of.js';

/** The changes below one folder, those of the folders that have a row of their own left out. */
export interface FolderChange {
  /** Byte string. */
  readonly folder: string;
  readonly added: PathAmount;
  readonly removed: PathAmount;
  readonly changed: PathAmount;
  /** Sizes that are not known count as 0. */
  readonly deltaBytes: number;
}

/**
 * Changes by the first `depth` folders of their paths, the largest first.
 *
 * @param depth  at least 1
 */
export function sumChanges(changes: ReadonlyMap<string, FileChange>, depth: number): readonly FolderChange[] {
  const sums = new Map<string, FolderSum>();
  for (const change of changes.values()) {
    const folder = folderOf(change.path, depth);
    const sum = sums.get(folder) ?? {
      added: new AmountSum(),
      removed: new AmountSum(),
      changed: new AmountSum(),
      deltaBytes: 0,
    };
    sums.set(folder, sum);
    sum[change.kind].add(factsOf(change));
    sum.deltaBytes += change.deltaBytes ?? 0;
  }
  const rows = [...sums].map(([folder, sum]) => {
    const amount = (kind: ChangeKind) =>
      sum[kind].amount((path) => folderOf(path, depth) === folder && changes.get(path)?.kind === kind);
    return {
      folder,
      added: amount('added'),
      removed: amount('removed'),
      changed: amount('changed'),
      deltaBytes: sum.deltaBytes,
    };
  });
  return rows.sort(
    (one, other) =>
      Math.abs(other.deltaBytes) - Math.abs(one.deltaBytes) || (one.folder < other.folder ? -1 : 1),
  );
}

interface FolderSum extends Readonly<Record<ChangeKind, AmountSum>> {
  deltaBytes: number;
}
