import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageTree, TreeEntry } from '@keepset/image-tree';
import { resolvePaths } from '@keepset/symlink-resolver';
import { type Claim, folderOf } from './package-reader.js';
import { realPlaces } from './real-places.js';

/** Entries looked at before others get their turn: some 10 ms of work. */
const ENTRIES_PER_TURN = 8192;

/** Files and links → those that they belong to. What belongs to nobody is not in it, nor are folders. */
export interface FileOwners extends Iterable<readonly [path: string, owners: readonly number[]]> {
  get(path: string): readonly number[] | undefined;
  readonly size: number;
}

export interface Ownership {
  readonly owners: FileOwners;
  readonly unowned: { readonly files: number; readonly sizeBytes: number };
}

/**
 * Give each file and link of the tree to those of the claims that name it, or a folder around it.
 *
 * A claim's paths are followed the way the kernel would, but for the last component: on a system with merged /usr,
 * `/bin/sh` of a list is the link `/usr/bin/sh`.
 *
 * @param options.isCounted  whether the whole tree is walked to count; without it, all numbers are 0. Default true
 */
export async function assignOwners(
  claims: readonly Claim[],
  tree: ImageTree,
  { isCounted = true }: { readonly isCounted?: boolean } = {},
): Promise<Ownership> {
  const named = await claimedPaths(claims, tree);
  const around = claimedFolders(claims, await realFolders(claims, tree));
  function find(path: string, type: TreeEntry['type'] = 'file'): readonly number[] {
    const own = named.get(path);
    const kept = type === 'symlink' ? withoutFolders(path, own, claims) : own;
    const found = merge(kept, around(folderOf(path)));
    const source = found.length === 0 ? sourceOfCompiled(path) : undefined;
    return source === undefined ? found : find(source);
  }
  let [files, sizeBytes, owned, looked] = [0, 0, 0, 0];
  for (const { path, type, sizeBytes: ofFile } of isCounted ? tree.entries() : []) {
    if (++looked % ENTRIES_PER_TURN === 0) await nextTurn();
    if (type === 'directory') continue;
    if (find(path, type).length > 0) owned++;
    else {
      files++;
      if (type === 'file') sizeBytes += ofFile;
    }
  }
  // Found when they are asked for: a map of all would double what is held of an image of a million files.
  const owners: FileOwners = {
    size: owned,
    get(path) {
      const type = tree.get(path)?.type;
      const found = type === undefined || type === 'directory' ? [] : find(path, type);
      return found.length === 0 ? undefined : found;
    },
    *[Symbol.iterator]() {
      for (const { path, type } of tree.entries()) {
        const found = type === 'directory' ? [] : find(path, type);
        if (found.length > 0) yield [path, found];
      }
    },
  };
  return { owners, unowned: { files, sizeBytes } };
}

/** Real path → those that name it. */
async function claimedPaths(
  claims: readonly Claim[],
  tree: ImageTree,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const placeOf = await realPlaces(pathsOf(claims), tree);
  const named = new Map<string, readonly number[]>();
  for (const [index, { paths }] of claims.entries()) {
    // Nearly all files are one package's alone, and share this list.
    const alone = [index];
    for (const path of paths) {
      const place = placeOf(path);
      if (place === undefined) continue;
      const known = named.get(place);
      if (known === undefined) named.set(place, alone);
      else if (!known.includes(index)) named.set(place, [...known, index]);
    }
  }
  return named;
}

/**
 * What has something below it in a list was a folder when it was packed. With merged /usr, `/lib` is a link now: it is
 * not of each package that has a file there.
 */
function withoutFolders(
  path: string,
  known: readonly number[] | undefined,
  claims: readonly Claim[],
): readonly number[] | undefined {
  return known?.filter((index) => !claims[index]?.paths.some((listed) => listed.startsWith(`${path}/`)));
}

function* pathsOf(claims: readonly Claim[]): Generator<string> {
  for (const { paths } of claims) yield* paths;
}

/** The folders of each claim, links on their way followed; those that are not there are left out. */
async function realFolders(claims: readonly Claim[], tree: ImageTree): Promise<readonly string[][]> {
  const asked = claims.flatMap(({ folders = [] }) => folders.map((path) => ({ path })));
  const resolutions = await resolvePaths(asked, tree);
  let at = 0;
  return claims.map(({ folders = [] }) =>
    folders.flatMap(() => {
      const resolution = resolutions[at++];
      return resolution?.failure === undefined && resolution !== undefined ? [resolution.path] : [];
    }),
  );
}

/** Of each ecosystem, the claim whose folder is the nearest one around. */
function claimedFolders(claims: readonly Claim[], folders: readonly string[][]) {
  const own = new Map<string, number[]>();
  for (const [index, paths] of folders.entries())
    for (const path of paths) own.set(path, [...(own.get(path) ?? []), index]);
  const ecosystems = claims.map((claim) => claim.package.ecosystem);
  const ecosystemOf = (index: number) => ecosystems[index];
  const known = new Map<string, readonly number[]>([['/', own.get('/') ?? []]]);
  return function ownersOf(folder: string): readonly number[] {
    const cached = known.get(folder);
    if (cached !== undefined) return cached;
    const here = own.get(folder) ?? [];
    const above = ownersOf(folderOf(folder));
    const hidden = new Set(here.map(ecosystemOf));
    const found =
      here.length === 0 ? above : [...here, ...above.filter((index) => !hidden.has(ecosystemOf(index)))];
    known.set(folder, found);
    return found;
  };
}

/** Python compiles what it imports, and nobody lists what it makes. @see PEP 3147 */
function sourceOfCompiled(path: string): string | undefined {
  const [, folder, name] = /^(.*)\/__pycache__\/([^./]+)\.[^./]+(?:\.opt-[0-9]+)?\.pyc$/.exec(path) ?? [];
  return folder === undefined ? undefined : `${folder}/${name}.py`;
}

function merge(named: readonly number[] = [], around: readonly number[]): readonly number[] {
  if (around.length === 0) return named.length < 2 ? named : [...named].sort((one, other) => one - other);
  if (named.length === 0 && around.length < 2) return around;
  return [...new Set([...named, ...around])].sort((one, other) => one - other);
}
