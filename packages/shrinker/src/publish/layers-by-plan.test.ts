import { toTree } from '@keepset/image-tree';
import type { SharedLayer } from '@keepset/manifest';
import type { RealPath } from '@keepset/symlink-resolver';
import { expect, it } from 'vitest';
import { layersByPlan } from './layers-by-plan.js';

const tree = toTree(
  ['/', '/a', '/b', '/c', '/c2', '/link'].map((path, index) => ({
    path: path as RealPath,
    type: path === '/' ? ('directory' as const) : path === '/link' ? ('symlink' as const) : ('file' as const),
    ...{ mode: 0o755, uid: 0, gid: 0, sizeBytes: 100_000, mtimeSeconds: 0 },
    // Two names of one file.
    inode: path.startsWith('/c') ? '1:100' : `1:${index}`,
    linkCount: path.startsWith('/c') ? 2 : 1,
    ...(path === '/link' && { linkTarget: 'a' }),
  })),
);

const layerOf = (...paths: readonly string[]): SharedLayer => ({
  ...{ name: paths.join(), results: 2, sizeBytes: 100_000 },
  paths,
});

it.each([
  ['of which it has all files', [layerOf('/a', '/b')], [['/a', '/b']]],
  ['but not where it lacks one', [layerOf('/a', '/none')], []],
  ['but not of what is no file', [layerOf('/link')], []],
  ['but not with one of two names of a file', [layerOf('/c')], []],
  ['with both names of a file', [layerOf('/c', '/c2')], [['/c', '/c2']]],
  ['but not of what it has otherwise than its source', [layerOf('/b')], [], ['/b']],
  ['and each file once, whoever wrote the plan', [layerOf('/a'), layerOf('/a', '/b')], [['/a']]],
])('a result takes the layers %s', (_, layers, taken, others: readonly string[] = []) => {
  const kept = ['/', '/a', '/b', '/c', '/c2', '/link'];
  const shared = { layers, sources: new Map([['sha256:x', layers.map((_, place) => place)]]) };
  const made = layersByPlan(kept, { tree, source: 'sha256:x', shared, others: new Set(others) });
  expect(made.slice(0, -1).map(({ paths }) => paths)).toEqual(taken);
  expect(made.flatMap(({ paths }) => paths).sort()).toEqual(kept);
  expect(made.at(-1)?.paths).toContain('/');
});
