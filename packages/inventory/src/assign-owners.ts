import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageTree } from '@keepset/image-tree';
import { resolvePaths } from '@keepset/symlink-resolver';
import { type Claim, folderOf } from './package-reader.js';

/** Entries looked at before others get their turn: some 10 ms of work. */
const ENTRIES_PER_TURN = 8192;

export interface Ownership {
  readonly owners: ReadonlyMap<string, readonly number[]>;
  readonly unowned: { readonly files: number; readonly sizeBytes: number };
}

/**
 * Give each file and link of the tree to those of the claims that name it, or a folder around it.
 *
 * A claim's paths are followed the way the kernel would, but for the last component: on a system with merged /usr,
 * `/bin/sh` of a list is the link `/usr/bin/sh`.
 */
export async function assignOwners(claims: readonly Claim[], tree: ImageTree): Promise<Ownership> {
  const named = await claimedPaths(claims, tree);
  const around = claimedFolders(claims, await realFolders(claims, tree));
  const owners = new Map<string, readonly number[]>();
  function find(path: string): readonly number[] {
    const found = merge(named.get(path), around(folderOf(path)));
    const source = found.length === 0 ? sourceOfCompiled(path) : undefined;
    return source === undefined ? found : find(source);
  }
  let [files, sizeBytes, looked] = [0, 0, 0];
  for (const { path, type, sizeBytes: ofFile } of tree.entries()) {
    if (++looked % ENTRIES_PER_TURN === 0) await nextTurn();
    if (type === 'directory') continue;
    const found = find(path);
    if (found.length > 0) owners.set(path, found);
    else {
      files++;
      if (type === 'file') sizeBytes += ofFile;
    }
  }
  return { owners, unowned: { files, sizeBytes } };
}

/** Real path → those that name it. */
async function claimedPaths(claims: readonly Claim[], tree: ImageTree): Promise<Map<string, number[]>> {
  const folders = [...new Set(claims.flatMap(({ paths }) => paths.map(folderOf)))];
  const resolutions = await resolvePaths(
    folders.map((path) => ({ path })),
    tree,
  );
  const real = new Map(
    folders.map((folder, index) => {
      const resolution = resolutions[index];
      return [folder, resolution?.failure === undefined ? resolution?.path : undefined];
    }),
  );
  const named = new Map<string, number[]>();
  for (const [index, { paths }] of claims.entries()) {
    for (const path of paths) {
      const folder = real.get(folderOf(path));
      if (folder === undefined) continue;
      const place = `${folder === '/' ? '' : folder}${path.slice(path.lastIndexOf('/'))}`;
      const known = named.get(place);
      if (known === undefined) named.set(place, [index]);
      else if (!known.includes(index)) known.push(index);
    }
  }
  return named;
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
  const ecosystemOf = (index: number) => claims[index]?.package.ecosystem;
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
  if (around.length === 0) return [...named].sort((one, other) => one - other);
  return [...new Set([...named, ...around])].sort((one, other) => one - other);
}
