import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageTree } from '@keepset/image-tree';
import { apk } from './apk/apk.js';
import { assignOwners, type FileOwners } from './assign-owners.js';
import { conda } from './conda/conda.js';
import { dpkg } from './dpkg/dpkg.js';
import type { InstalledPackage } from './installed-package.js';
import { npm } from './npm/npm.js';
import { type OperatingSystem, OS_RELEASE_PATHS, parseOsRelease } from './os-release.js';
import {
  byteText,
  type Claim,
  type Databases,
  type InventoryWarning,
  type PackageReader,
} from './package-reader.js';
import { perl } from './perl/perl.js';
import { python } from './python/python.js';
import { rPackages } from './r/r-packages.js';
import { readContents } from './read-contents.js';
import { rpm } from './rpm/rpm.js';
import { gems } from './ruby/gems.js';
import { texLive } from './tex/tex-live.js';

const READERS: readonly PackageReader[] = [
  dpkg,
  apk,
  rpm,
  python,
  conda,
  rPackages,
  npm,
  gems,
  perl,
  texLive,
];

/** The image, as the inventory asks it. */
export interface InventorySource {
  readonly tree: ImageTree;
  /**
   * Contents of files.
   *
   * @param paths     real paths of regular files
   * @param maxBytes  that many first bytes of each are enough; without it, whole files
   * @returns         one answer per path, in the order asked; undefined where a file cannot be read
   */
  readFiles(paths: readonly string[], maxBytes?: number): Promise<readonly (Uint8Array | undefined)[]>;
}

/** How closely an image is looked at. */
export interface InventoryOptions {
  /** Look within archives and programs, too, and count what is nobody's. Default true. */
  readonly withContents?: boolean;
}

/** The packages of an image, and which files are whose. Paths are real, byte strings. */
export interface Inventory {
  readonly system: OperatingSystem;
  /** Sorted by PURL, then by database. */
  readonly packages: readonly InstalledPackage[];
  /** Of each file and link that has an owner: places in `packages`, ascending. Folders belong to nobody. */
  readonly owners: FileOwners;
  /** Files and links that no database names. */
  readonly unowned: { readonly files: number; readonly sizeBytes: number };
  readonly warnings: readonly InventoryWarning[];
}

/**
 * Find the packages of an image, and to which of them each file belongs.
 *
 * The source is asked once, for all databases together, and then for what is to be read within archives and programs
 * (`readContents` tells within which bounds). A database that cannot be understood is a warning: the files
 * that only it knows are then unowned.
 *
 * @throws only what `source.readFiles` throws
 */
export async function readInventory(
  source: InventorySource,
  { withContents = true }: InventoryOptions = {},
): Promise<Inventory> {
  const { tree } = source;
  const warnings: InventoryWarning[] = [];
  const warn = (warning: InventoryWarning) => void warnings.push(warning);
  const { system, claims } = await readClaims(source, warn);
  const byDatabases = await sortAndAssign(claims, tree, withContents);
  if (!withContents) return { system, ...byDatabases, warnings };
  const isSystems = (path: string) =>
    (byDatabases.owners.get(path) ?? []).some((index) =>
      SYSTEM_ECOSYSTEMS.has(byDatabases.packages[index]?.ecosystem),
    );
  const found = await readContents(source, { isSystems, warn });
  const all = found.length === 0 ? byDatabases : await sortAndAssign([...claims, ...found], tree);
  return { system, ...all, warnings };
}

/** What the databases say; they are not held any longer than that. */
async function readClaims(
  source: InventorySource,
  warn: Databases['warn'],
): Promise<{ readonly system: OperatingSystem; readonly claims: readonly Claim[] }> {
  const { tree } = source;
  const wanted = findDatabases(tree);
  const paths = [...new Set([...wanted.flat(), ...OS_RELEASE_PATHS.filter((path) => isFile(tree, path))])];
  const files = await readAll(source, paths);
  for (const [path, content] of files) if (content === undefined) warn({ path, message: 'cannot be read' });
  const system = readSystem(files);

  const claims: Claim[] = [];
  for (const [index, reader] of READERS.entries()) {
    const own = (wanted[index] ?? []).flatMap((path) => {
      const content = files.get(path);
      return content === undefined ? [] : [[path, content] as const];
    });
    if (own.length === 0) continue;
    // A traced command may be running beside: its output is not to wait for a second of reading.
    await nextTurn();
    try {
      const databases = { files: new Map(own), tree };
      const beside = await readBeside(source, reader, databases);
      claims.push(...(await reader.read({ ...databases, beside, system, warn })));
    } catch (error) {
      warn({ path: own[0]?.[0] ?? '', message: `not understood: ${(error as Error).message}` });
    }
  }
  return { system, claims };
}

async function sortAndAssign(
  claims: readonly Claim[],
  tree: ImageTree,
  isCounted = true,
): Promise<Pick<Inventory, 'packages' | 'owners' | 'unowned'>> {
  const sorted = [...claims].sort(
    (one, other) =>
      compare(one.package.purl, other.package.purl) || compare(one.package.database, other.package.database),
  );
  const packages = sorted.map((claim) => claim.package);
  return { packages, ...(await assignOwners(sorted, tree, { isCounted })) };
}

const SYSTEM_ECOSYSTEMS: ReadonlySet<string | undefined> = new Set(['deb', 'apk', 'rpm']);

async function readAll(
  source: InventorySource,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array | undefined>> {
  const contents = await source.readFiles(paths);
  return new Map(paths.map((path, index) => [path, contents[index]]));
}

/** What a reader asks for beside its databases; a path that is no regular file of the image is not asked for. */
async function readBeside(
  source: InventorySource,
  reader: PackageReader,
  databases: Parameters<NonNullable<PackageReader['besides']>>[0],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const asked = new Set(reader.besides?.(databases) ?? []);
  const paths = [...asked].filter((path) => isFile(source.tree, path));
  if (paths.length === 0) return new Map();
  const contents = await readAll(source, paths);
  return new Map(
    [...contents].flatMap(([path, content]) => (content === undefined ? [] : [[path, content]])),
  );
}

/** Whether a regular file is a package database, or a part of one. */
export function isDatabase(path: string): boolean {
  return READERS.some((reader) => reader.isDatabase(path));
}

/** The databases of each reader, in one walk over the tree. */
function findDatabases(tree: ImageTree): readonly string[][] {
  const found: string[][] = READERS.map(() => []);
  for (const { path, type } of tree.entries()) {
    if (type !== 'file') continue;
    for (const [index, reader] of READERS.entries()) if (reader.isDatabase(path)) found[index]?.push(path);
  }
  return found;
}

function readSystem(files: ReadonlyMap<string, Uint8Array | undefined>): OperatingSystem {
  for (const path of OS_RELEASE_PATHS) {
    const content = files.get(path);
    if (content !== undefined) return parseOsRelease(byteText(content));
  }
  return {};
}

function isFile(tree: ImageTree, path: string): boolean {
  return tree.get(path)?.type === 'file';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
