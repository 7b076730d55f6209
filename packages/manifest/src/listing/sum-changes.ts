import { amountOfChanges, type FileChange } from './compare-listings.js';
import type { PathAmount } from './file-listing.js';
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
export function sumChanges(changes: readonly FileChange[], depth: number): readonly FolderChange[] {
  const groups = new Map<string, FileChange[]>();
  for (const change of changes) {
    const folder = folderOf(change.path, depth);
    const group = groups.get(folder);
    if (group === undefined) groups.set(folder, [change]);
    else group.push(change);
  }
  const rows = [...groups].map(([folder, group]) => ({
    folder,
    added: amountOfChanges(group, 'added'),
    removed: amountOfChanges(group, 'removed'),
    changed: amountOfChanges(group, 'changed'),
    deltaBytes: group.reduce((sum, { deltaBytes = 0 }) => sum + deltaBytes, 0),
  }));
  return rows.sort(
    (one, other) =>
      Math.abs(other.deltaBytes) - Math.abs(one.deltaBytes) || (one.folder < other.folder ? -1 : 1),
  );
}
