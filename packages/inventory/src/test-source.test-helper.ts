import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { LISTING_FORMAT, readListing, type TreeEntry, toTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import type { Inventory, InventorySource } from './read-inventory.js';

/** A folder of fixtures as an image. */
export async function folderSource(name: string): Promise<InventorySource> {
  const folder = new URL(`../fixtures/${name}`, import.meta.url).pathname;
  const listing = execFileSync('find', [folder, '-printf', LISTING_FORMAT]);
  return {
    tree: await readListing([listing]),
    readFiles: async (paths) => paths.map((path) => readFileSync(`${folder}${path}`)),
  };
}

/** An image in memory: path → content, or `-> target`; undefined for a file that cannot be read. */
export function memorySource(files: Readonly<Record<string, string | undefined>>): InventorySource {
  const entries = new Map<string, TreeEntry>();
  let inode = 0;
  const add = (path: string, fields: Partial<TreeEntry>) => {
    const base = { mode: 0o755, uid: 0, gid: 0, sizeBytes: 0, mtimeSeconds: 0, linkCount: 1 };
    entries.set(path, {
      type: 'directory',
      ...base,
      inode: `1:${++inode}`,
      ...fields,
      path: path as RealPath,
    });
  };
  add('/', {});
  for (const [path, content = ''] of Object.entries(files)) {
    for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1))
      if (!entries.has(path.slice(0, at))) add(path.slice(0, at), {});
    if (content.startsWith('-> ')) add(path, { type: 'symlink', linkTarget: content.slice(3) });
    else add(path, { type: 'file', sizeBytes: content.length });
  }
  return {
    tree: toTree(entries.values()),
    readFiles: async (paths) =>
      paths.map((path) => (files[path] === undefined ? undefined : Buffer.from(files[path], 'latin1'))),
  };
}

/** PURL → its files, sorted. */
export function filesByPackage({ packages, owners }: Inventory): Record<string, string[]> {
  const files: Record<string, string[]> = Object.fromEntries(packages.map(({ purl }) => [purl, []]));
  for (const [path, indexes] of owners)
    for (const index of indexes) files[packages[index]?.purl ?? '']?.push(path);
  return files;
}
