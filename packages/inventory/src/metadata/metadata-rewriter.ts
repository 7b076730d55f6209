import type { ImageTree } from '@keepset/image-tree';
import type { InstalledPackage } from '../installed-package.js';

/** A file in place of a database, or of a part of one, that names what is left. */
export interface Rewritten {
  /** Where it goes. Byte string. */
  readonly path: string;
  /** The file of the source that it was made from. Byte string. */
  readonly from: string;
  readonly content: Uint8Array;
}

/** What of an image is left. */
export interface Remains {
  readonly tree: ImageTree;
  /** Packages of one ecosystem of which files are left. */
  readonly packages: readonly InstalledPackage[];
  /** Whether a file is left as the source has it, content and all. Real path. */
  isLeft(path: string): boolean;
}

/** Writes what is left of the databases of one ecosystem. */
export interface MetadataRewriter {
  /** Files of the source that must be read; those that are not there are passed over. */
  wanted(remains: Remains): Iterable<string>;
  /**
   * @param files  what was asked for, and is there
   * @param warn   of a package that cannot be told of
   */
  rewrite(
    remains: Remains,
    files: ReadonlyMap<string, Uint8Array>,
  ): Iterable<Rewritten> | Promise<Iterable<Rewritten>>;
}
