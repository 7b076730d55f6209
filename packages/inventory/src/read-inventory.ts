import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageTree } from '@keepset/image-tree';
import { apk } from './apk.js';
import { assignOwners } from './assign-owners.js';
import { conda } from './conda.js';
import { dpkg } from './dpkg.js';
import { gems } from './gems.js';
import type { InstalledPackage } from './installed-package.js';
import { npm } from './npm.js';
import { type OperatingSystem, OS_RELEASE_PATHS, parseOsRelease } from './os-release.js';
import { byteText, type Claim, type InventoryWarning, type PackageReader } from './package-reader.js';
import { python } from './python.js';
import { rPackages } from './r-packages.js';
import { rpm } from './rpm.js';
import { texLive } from './tex-live.js';

const READERS: readonly PackageReader[] = [dpkg, apk, rpm, python, conda, rPackages, npm, gems, texLive];

/** The image, as the inventory asks it. */
export interface InventorySource {
  readonly tree: ImageTree;
  /**
   * Whole files.
   *
   * @param paths  real paths of regular files
   * @returns      one answer per path, in the order asked; undefined where a file cannot be read
   */
  readFiles(paths: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
}

/** The packages of an image, and which files are whose. Paths are real, byte strings. */
export interface Inventory {
  readonly system: OperatingSystem;
  /** Sorted by PURL, then by database. */
  readonly packages: readonly InstalledPackage[];
  /** Of each file and link that has an owner: places in `packages`, ascending. Folders belong to nobody. */
  readonly owners: ReadonlyMap<string, readonly number[]>;
  /** Files and links that no database names. */
  readonly unowned: { readonly files: number; readonly sizeBytes: number };
  readonly warnings: readonly InventoryWarning[];
}

/**
 * Find the packages of an image, and to which of them each file belongs.
 *
 * The source is asked once, for all databases together. A database that cannot be understood is a warning: the files
 * that only it knows are then unowned.
 *
 * @throws only what `source.readFiles` throws
 */
export async function readInventory(source: InventorySource): Promise<Inventory> {
  const { tree } = source;
  const wanted = findDatabases(tree);
  const paths = [...new Set([...wanted.flat(), ...OS_RELEASE_PATHS.filter((path) => isFile(tree, path))])];
  const contents = await source.readFiles(paths);
  const files = new Map(paths.map((path, index) => [path, contents[index]]));
  const warnings: InventoryWarning[] = [];
  const warn = (warning: InventoryWarning) => void warnings.push(warning);
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
      claims.push(...(await reader.read({ files: new Map(own), tree, system, warn })));
    } catch (error) {
      warn({ path: own[0]?.[0] ?? '', message: `not understood: ${(error as Error).message}` });
    }
  }
  claims.sort(
    (one, other) =>
      compare(one.package.purl, other.package.purl) || compare(one.package.database, other.package.database),
  );
  const { owners, unowned } = await assignOwners(claims, tree);
  return { system, packages: claims.map((claim) => claim.package), owners, unowned, warnings };
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
