import type { RealPath } from '@keepset/symlink-resolver';

/** In the order of their codes in the tree's columns. */
export const ENTRY_TYPES = [
  'file',
  'directory',
  'symlink',
  'fifo',
  'socket',
  'character-device',
  'block-device',
] as const;

/** What an entry is: the types of inode(7). */
export type EntryType = (typeof ENTRY_TYPES)[number];

/** One entry of an image, as lstat(2) tells. */
export interface TreeEntry {
  /** Absolute byte string; `/` for the root. */
  readonly path: RealPath;
  readonly type: EntryType;
  /** The 12 bits of chmod(2): setuid, setgid, sticky and three times rwx. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** As lstat tells: a file's length, a link's target length, whatever the file system says for the rest. */
  readonly sizeBytes: number;
  /**
   * Seconds since 1970, negative before. The fraction is that of a double: for the dates of this century
   * exact to a quarter of a microsecond, so two readings of one file are always equal.
   */
  readonly mtimeSeconds: number;
  /** `device:inode`, both decimal: two names with the same one are hard links to the same content. */
  readonly inode: string;
  /** Names that the inode has, those outside the listing counted in. */
  readonly linkCount: number;
  /** Byte string, as it stands in the link; for symlinks only. */
  readonly linkTarget?: string;
}
