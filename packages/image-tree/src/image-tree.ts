import type { LinkReader } from '@keepset/symlink-resolver';
import type { TreeEntry } from './tree-entry.js';

/** The entries of one image: no bytes, only what lstat(2) tells. It never changes. */
export interface ImageTree extends LinkReader {
  /** Number of entries, the root counted in. */
  readonly size: number;
  /** Bytes of all regular files, each inode once. */
  readonly totalBytes: number;
  /** @param path  absolute and real: neither `..` nor links are followed */
  get(path: string): TreeEntry | undefined;
  has(path: string): boolean;
  /** All entries, sorted by the bytes of their paths, so parents come before children. */
  entries(): Iterable<TreeEntry>;
  /** The entries directly in a directory, sorted by bytes; none for anything else. */
  children(path: string): Iterable<TreeEntry>;
  /** All entries below a directory, sorted by bytes. */
  descendants(path: string): Iterable<TreeEntry>;
  /** The other names of the inode that `path` names, sorted by bytes; none for directories. */
  hardLinks(path: string): readonly TreeEntry[];
}
