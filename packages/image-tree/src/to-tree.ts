import { ColumnTree } from './column-tree.js';
import type { ImageTree } from './image-tree.js';
import type { TreeEntry } from './tree-entry.js';
import { TreeError } from './tree-error.js';

/**
 * A tree of entries that are at hand, in any order: a part of another tree, or one made for a test.
 *
 * @throws TreeError TREE_DUPLICATE_PATH; TREE_BAD_RECORD if an inode is not `device:inode`
 */
export function toTree(entries: Iterable<TreeEntry>): ImageTree {
  const tree = new ColumnTree();
  for (const entry of entries) addEntry(tree, entry);
  return tree;
}

/** @throws TreeError TREE_DUPLICATE_PATH; TREE_BAD_RECORD if an inode is not `device:inode` */
export function addEntry(tree: ColumnTree, entry: TreeEntry): void {
  const numbers = /^([0-9]+):([0-9]+)$/.exec(entry.inode);
  if (numbers === null) {
    throw new TreeError(
      'TREE_BAD_RECORD',
      `the inode ${JSON.stringify(entry.inode)} of ${JSON.stringify(entry.path)} is not device:inode`,
    );
  }
  tree.add({
    ...entry,
    device: exactNumber(numbers[1] as string),
    inode: exactNumber(numbers[2] as string),
    linkTarget: entry.linkTarget ?? '',
  });
}

function exactNumber(digits: string): number | bigint {
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
}
