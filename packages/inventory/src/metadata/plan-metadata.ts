import type { ImageTree, TreeEntry } from '@keepset/image-tree';
import { apkMetadata } from '../apk/apk-metadata.js';
import { STATUS_FOLDER } from '../dpkg/dpkg.js';
import { dpkgMetadata } from '../dpkg/dpkg-metadata.js';
import type { Ecosystem, InstalledPackage } from '../installed-package.js';
import { folderOf, type InventoryWarning } from '../package-reader.js';
import { pythonMetadata } from '../python/python-metadata.js';
import { type Inventory, type InventorySource, isDatabase } from '../read-inventory.js';
import { TEXT_MANIFEST } from '../rpm/rpm.js';
import { rpmMetadata } from '../rpm/rpm-metadata.js';
import type { MetadataRewriter, Rewritten } from './metadata-rewriter.js';

/**
 * What becomes of package databases in a result that has some of an image's files.
 *
 * - `used`: they tell of the packages of which files are left, and of those files.
 * - `all`: all of them stay as they are.
 * - `none`: nothing is added to what is left.
 */
export type MetadataPolicy = 'used' | 'all' | 'none';

/** A file or folder of a result that its source has not got, or has with other content. */
export interface GeneratedEntry {
  /** Byte string. */
  readonly path: string;
  /** Undefined of a folder. */
  readonly content?: Uint8Array;
  /** The database of the source that it was made from, whose time and owner it has. Byte string. */
  readonly from: string;
  /** The 12 bits of chmod(2). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970, whole. */
  readonly mtimeSeconds: number;
}

/** What package databases become in a result, so that scanners find what is left. */
export interface MetadataPlan {
  /** Files of the source that stay as they are → what they tell of: a PURL, or themselves. By the bytes of the paths. */
  readonly kept: ReadonlyMap<string, string>;
  /** By the bytes of the paths; folders before what is in them. */
  readonly generated: readonly GeneratedEntry[];
  readonly warnings: readonly InventoryWarning[];
}

/** What of an image is left without metadata. All paths are real, byte strings. */
export interface LeftFiles {
  readonly paths: Iterable<string>;
  /** Whether a path is one of them. */
  has(path: string): boolean;
  /** Whether it is left as an empty file. */
  isStub(path: string): boolean;
  /** Folders that somebody listed: a new entry would show. */
  readonly listed: ReadonlySet<string>;
  /** Whether metadata may not go there. Default: it may. */
  readonly isUnwanted?: (path: string) => boolean;
}

/**
 * Plan what a result tells scanners of its packages. What is left already stays as it is: a program met it like that.
 *
 * The source is asked once, for the databases of packages of which something is left.
 *
 * @throws only what `source.readFiles` throws
 * @see `rewritten` and `whole` in the README of this package for what becomes of which database
 */
export async function planMetadata(
  source: InventorySource,
  inventory: Pick<Inventory, 'packages' | 'owners'>,
  { policy, left }: { readonly policy: MetadataPolicy; readonly left: LeftFiles },
): Promise<MetadataPlan> {
  if (policy === 'none') return { kept: new Map(), generated: [], warnings: [] };
  const { tree } = source;
  const isUnwanted = left.isUnwanted ?? (() => false);
  const mayAdd = (path: string) => !left.has(path) && !isUnwanted(path);
  if (policy === 'all') {
    const paths = [...tree.entries()].flatMap(({ path, type }) =>
      type === 'file' && (isDatabase(path) || DPKG_INFO.test(path)) && mayAdd(path) ? [path] : [],
    );
    return { kept: new Map(paths.sort().map((path) => [path, path])), generated: [], warnings: [] };
  }

  const remaining = remainingPackages(inventory, left);
  const kept = new Map<string, string>();
  for (const each of remaining)
    if (isWhole(each) && isFile(tree, each.database) && mayAdd(each.database))
      kept.set(each.database, each.purl);
  // The text of rpm names packages without files: it cannot be told which of them are left.
  if (isFile(tree, TEXT_MANIFEST) && mayAdd(TEXT_MANIFEST)) kept.set(TEXT_MANIFEST, TEXT_MANIFEST);

  const warnings: InventoryWarning[] = [];
  const rewritten = await rewriteDatabases(source, remaining, {
    isLeft: (path) => (left.has(path) && !left.isStub(path)) || kept.has(path),
    isUntouched: (path) => {
      if (!left.has(path)) return true;
      warnings.push({ path, message: 'a run used it, so it stays as it is, with packages that are gone' });
      return false;
    },
  });
  const generated = new Map<string, GeneratedEntry>();
  for (const each of rewritten) {
    if (!mayAdd(each.path) || kept.has(each.path)) continue;
    if (each.isSame) {
      kept.set(each.path, each.from);
      continue;
    }
    const entries = toEntries(each, tree, left.listed);
    if (entries === undefined) {
      const message = `would be new in a folder that a run listed, or that is no folder: left out`;
      if (!warnings.some((warning) => warning.path === folderOf(each.path)))
        warnings.push({ path: folderOf(each.path), message });
      continue;
    }
    for (const entry of entries) if (!generated.has(entry.path)) generated.set(entry.path, entry);
  }
  return {
    kept: new Map([...kept].sort(([one], [other]) => (one < other ? -1 : 1))),
    generated: [...generated.values()].sort((one, other) => (one.path < other.path ? -1 : 1)),
    warnings,
  };
}

/** What scanners read of a package beside dpkg's status. */
const DPKG_INFO = /^\/var\/lib\/dpkg\/info\/[^/]+\.(?:list|md5sums|conffiles)$/;

const REWRITERS: Partial<Readonly<Record<Ecosystem, MetadataRewriter>>> = {
  deb: dpkgMetadata,
  apk: apkMetadata,
  rpm: rpmMetadata,
  pypi: pythonMetadata,
};

/** Those of which each package has a file of its own, that scanners read. */
const WHOLE: ReadonlySet<Ecosystem> = new Set(['pypi', 'conda', 'r', 'npm', 'gem']);

function isWhole({ ecosystem, database }: InstalledPackage): boolean {
  return WHOLE.has(ecosystem) || database.startsWith(STATUS_FOLDER);
}

/** Those of which at least one file is left, in the order of the inventory. */
function remainingPackages(
  { packages, owners }: Pick<Inventory, 'packages' | 'owners'>,
  left: LeftFiles,
): readonly InstalledPackage[] {
  const remaining = new Set<number>();
  for (const path of left.paths) for (const index of owners.get(path) ?? []) remaining.add(index);
  return packages.filter((_, index) => remaining.has(index));
}

interface RewriteOptions {
  readonly isLeft: (path: string) => boolean;
  /** Whether nobody met a database; told of each that is to be rewritten. */
  readonly isUntouched: (path: string) => boolean;
}

async function rewriteDatabases(
  source: InventorySource,
  remaining: readonly InstalledPackage[],
  { isLeft, isUntouched }: RewriteOptions,
): Promise<readonly (Rewritten & { readonly isSame: boolean })[]> {
  const { tree } = source;
  const databases = new Map<string, boolean>();
  const isOpen = (each: InstalledPackage): boolean => {
    const { database } = each;
    if (isWhole(each)) return true;
    const known = databases.get(database) ?? isUntouched(database);
    databases.set(database, known);
    return known;
  };
  const jobs = Object.entries(REWRITERS).map(([ecosystem, rewriter]) => {
    const packages = remaining.filter((each) => each.ecosystem === ecosystem && isOpen(each));
    const remains = { tree, packages, isLeft };
    const paths = [...new Set(rewriter.wanted(remains))].filter((path) => isFile(tree, path));
    return { rewriter, remains, paths };
  });
  const all = jobs.flatMap(({ paths }) => paths);
  if (all.length === 0) return [];
  const contents = await source.readFiles(all);
  const read = new Map(all.map((path, index) => [path, contents[index]]));
  const written: Rewritten[] = [];
  for (const { rewriter, remains, paths } of jobs) {
    const files = paths.flatMap((path) => {
      const content = read.get(path);
      return content === undefined ? [] : [[path, content] as const];
    });
    if (files.length > 0) written.push(...(await rewriter.rewrite(remains, new Map(files))));
  }
  return written.map((each) => ({
    ...each,
    isSame:
      read.get(each.path) !== undefined &&
      Buffer.compare(read.get(each.path) as Uint8Array, each.content) === 0,
  }));
}

const FILE_MODE = 0o644;
const FOLDER_MODE = 0o755;

/** The file, and the folders on the way to it that the source has not got; undefined where they cannot be made. */
function toEntries(
  { path, from, content }: Rewritten,
  tree: ImageTree,
  listed: ReadonlySet<string>,
): readonly GeneratedEntry[] | undefined {
  const origin = tree.get(from);
  const { uid = 0, gid = 0 } = origin ?? {};
  const facts = { from, uid, gid, mtimeSeconds: Math.max(0, Math.floor(origin?.mtimeSeconds ?? 0)) };
  const file: GeneratedEntry = { path, content, ...facts, mode: fileMode(tree.get(path)) };
  if (tree.has(path)) return isFile(tree, path) ? [file] : undefined;
  const folders: GeneratedEntry[] = [];
  let folder = folderOf(path);
  for (; !tree.has(folder); folder = folderOf(folder))
    folders.unshift({ path: folder, ...facts, mode: FOLDER_MODE });
  if (tree.get(folder)?.type !== 'directory' || listed.has(folder)) return undefined;
  return [...folders, file];
}

function fileMode(entry: TreeEntry | undefined): number {
  return entry === undefined ? FILE_MODE : entry.mode & 0o7777;
}

function isFile(tree: ImageTree, path: string): boolean {
  return tree.get(path)?.type === 'file';
}
