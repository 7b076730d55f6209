import type { ImageTree } from '@keepset/image-tree';
import type { LinkReader } from '@keepset/symlink-resolver';
import type { PackageOwners } from './package-owners.js';

/**
 * The image that is to be shrunk, as the planner sees it.
 *
 * `readLinks` decides where paths lead (`tree` itself serves; a reader in a container gives the same), `tree`
 * decides what is the image's own: what is not in it (a mount, /proc) is never kept.
 */
export interface SourceImage extends LinkReader {
  readonly tree: ImageTree;
  /**
   * The first bytes of files.
   *
   * @param paths     real paths of regular files
   * @param maxBytes  of each file; a shorter file gives what it has
   * @returns         one answer per path, in the order asked; undefined where a file cannot be read
   */
  readHeads(paths: readonly string[], maxBytes: number): Promise<readonly (Uint8Array | undefined)[]>;
  /** Whose its files are; asked only for the rules that speak of packages, which cannot do without. */
  readOwners?(): Promise<PackageOwners>;
}
