import type { ImageTree, TreeEntry } from '@keepset/image-tree';
import type { InstalledPackage } from './installed-package.js';
import type { OperatingSystem } from './os-release.js';

/** A package with what its database says is its. All paths are absolute byte strings. */
export interface Claim {
  readonly package: InstalledPackage;
  /** As the database has them: links on their way are not followed, and what is not there is passed over. */
  readonly paths: readonly string[];
  /** All that is below them too, unless another claim of the same ecosystem names a folder further down. */
  readonly folders?: readonly string[];
}

/** What a database had that could not be understood; the rest of it counts. */
export interface InventoryWarning {
  /** The database. Byte string. */
  readonly path: string;
  readonly message: string;
}

/** What was read of the image for one reader: its databases, and where they lie. */
export interface Databases {
  /** Path → content, sorted by the bytes of the paths. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What the reader asked for beside them. */
  readonly beside: ReadonlyMap<string, Uint8Array>;
  readonly tree: ImageTree;
  readonly system: OperatingSystem;
  warn(warning: InventoryWarning): void;
}

/** Reads the databases of one ecosystem. */
export interface PackageReader {
  /** Whether a regular file of the image is one of them; asked for every file, so it must be quick. */
  isDatabase(path: string): boolean;
  /** Files that the databases name, and that must be read beside them; they come in `beside`. */
  besides?(databases: Pick<Databases, 'files' | 'tree'>): Iterable<string>;
  /** May throw on a broken database: that is a warning about all of this ecosystem. */
  read(databases: Databases): Iterable<Claim> | Promise<Iterable<Claim>>;
}

/** Reads packages that a file tells of itself, wherever it lies: they are that file's owners. */
export interface ContentReader {
  /** Whether a regular file may be one; asked for every file, so it must be quick. */
  isCandidate(entry: TreeEntry): boolean;
  /** The first bytes of each that is one. Byte string. */
  readonly magic: string;
  /** Whether a file that a distribution's package owns is passed over: its packages stand for what is in it. */
  readonly passesOverSystem: boolean;
  /** May throw on a broken file: that is a warning about this one. */
  read(
    path: string,
    content: Uint8Array,
    warn: Databases['warn'],
  ): Iterable<InstalledPackage> | AsyncIterable<InstalledPackage>;
}

/** Bytes as a byte string: paths in databases are bytes, and names, versions and licences nearly always ASCII. */
export function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** Text of JSON, and other UTF-8, as the byte string that a path is. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Everything up to the last slash; `/` for what is in the root. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
