import { type ImageTree, LISTING_FORMAT, readListing, type TreeEntry } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import type { ImageReader, OwnEntry } from '@keepset/toolbox';

/** List the image's tree as the image has it, not as a container of it shows it. */
export async function readTree(reader: ImageReader): Promise<ImageTree> {
  return await readListing(reader.readListing(LISTING_FORMAT), {
    add: [...reader.ownEntries.values()].map(toTreeEntry),
  });
}

const TYPES: Readonly<Record<string, TreeEntry['type']>> = {
  file: 'file',
  directory: 'directory',
  symlink: 'symlink',
};

function toTreeEntry({ path, header }: OwnEntry, index: number): TreeEntry {
  const type = TYPES[header.type ?? 'file'] ?? 'file';
  return {
    path: path as RealPath,
    type,
    mode: (header.mode ?? 0) & 0o7777,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    sizeBytes: header.size ?? 0,
    mtimeSeconds: Math.floor((header.mtime?.getTime() ?? 0) / 1000),
    // Of no file system: no other entry can share it.
    inode: `0:${index + 1}`,
    linkCount: 1,
    ...(type === 'symlink' && { linkTarget: header.linkname ?? '' }),
  };
}
