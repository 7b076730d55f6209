import type { TreeEntry } from './tree-entry.js';

/** Bytes of the regular files among the entries, each inode once, as they would lie in a layer. */
export function sumBytes(entries: Iterable<TreeEntry>): number {
  const seen = new Set<string>();
  let sum = 0;
  for (const { type, sizeBytes, linkCount, inode } of entries) {
    if (type !== 'file') continue;
    if (linkCount > 1) {
      if (seen.has(inode)) continue;
      seen.add(inode);
    }
    sum += sizeBytes;
  }
  return sum;
}
