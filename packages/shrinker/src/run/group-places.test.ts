import { toTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupPlaces } from './group-places.js';

const tree = toTree(
  (
    [
      ['/', 'directory', 0],
      ['/data', 'directory', 0],
      ['/usr', 'directory', 0],
      ['/usr/large', 'file', 50e6],
      ['/var', 'directory', 0],
    ] as const
  ).map(([path, type, sizeBytes], index) => ({
    path: path as RealPath,
    type,
    mode: 0o755,
    uid: 0,
    gid: 0,
    sizeBytes,
    mtimeSeconds: 0,
    inode: `1:${index}`,
    linkCount: 1,
  })),
);

const places = (...paths: readonly string[]) => paths.map((path) => ({ path, isNew: false }));
const rootsOf = (...paths: readonly string[]) => groupPlaces(places(...paths), tree).map(({ root }) => root);

it.each<[string, readonly string[], readonly string[]]>([
  ['few are asked for one by one', ['/data/a', '/data/b'], ['/data/a', '/data/b']],
  ['many in one folder are one archive', ['/data/a', '/data/b', '/data/c', '/data/d/e'], ['/data']],
  [
    'a folder with much else in it is not',
    ['/usr/a', '/usr/b', '/usr/c', '/usr/d'],
    ['/usr/a', '/usr/b', '/usr/c', '/usr/d'],
  ],
  [
    'nor is the root: only what is below',
    ['/data/a', '/data/b', '/data/c', '/data/d', '/var/x'],
    ['/data', '/var/x'],
  ],
])('%s', (_title, paths, roots) => {
  expect([...rootsOf(...paths)].sort()).toEqual([...roots].sort());
});

it('each place is in one group, at or below its root', () => {
  const name = fc.constantFrom('data', 'usr', 'var', 'a', 'b', 'c');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 30 }), (paths) => {
      const groups = groupPlaces(places(...paths), tree);
      expect(groups.flatMap((group) => group.places.map((place) => place.path)).sort()).toEqual(
        [...paths].sort(),
      );
      for (const { root, places: own } of groups)
        for (const place of own) expect(`${place.path}/`.startsWith(`${root}/`)).toBe(true);
    }),
  );
});
