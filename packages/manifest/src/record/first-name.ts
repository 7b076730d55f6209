import type { ImageTree, TreeEntry } from '@keepset/image-tree';

/** The smallest name of a file's content, where that is another than the entry's own. */
export function firstNameOf(
  { path, type, linkCount }: TreeEntry,
  tree: Pick<ImageTree, 'hardLinks'>,
): string | undefined {
  if (type !== 'file' || linkCount === 1) return undefined;
  const [first] = tree.hardLinks(path);
  return first !== undefined && first.path < path ? first.path : undefined;
}
