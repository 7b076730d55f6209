import { type TreeEntry, toTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import { expect, it } from 'vitest';
import { explainPath } from './explain-path.js';
import { isMetadata, keepMetadata } from './keep-metadata.js';
import type { KeepPlan } from './keep-plan.js';

const PATHS = ['/', '/opt', '/opt/a', '/opt/a/package.json', '/opt/a/index.js', '/var', '/var/lib'];
const tree = toTree(
  PATHS.map((path, index): TreeEntry => {
    const type = path.includes('.') ? 'file' : 'directory';
    const facts = { mode: 0o755, uid: 0, gid: 0, sizeBytes: 1, mtimeSeconds: 0, linkCount: 1 };
    return { path: path as RealPath, type, inode: `1:${index + 1}`, ...facts };
  }),
);
const reasons = [{ kind: 'rule', rule: 'keep' }] as const;
const keepOf = (...paths: readonly string[]): KeepPlan => ({
  kept: new Map(paths.map((path) => [path as RealPath, { path: path as RealPath, reasons }])),
  executed: [],
  listed: [],
  warnings: [],
});
const JSON_OF_A = new Map([['/opt/a/package.json', 'pkg:npm/a@1']]);

it('is kept with the folders on the way to it, sorted, and each says why', () => {
  const plan = keepMetadata(
    keepOf('/'),
    { files: JSON_OF_A, folders: new Map([['/var/lib', '/var/lib/x']]) },
    tree,
  );
  expect([...plan.kept.keys()]).toEqual(['/', '/opt', '/opt/a', '/opt/a/package.json', '/var', '/var/lib']);
  expect(explainPath('/opt/a', plan)).toEqual([
    '/opt/a is kept',
    '  package metadata, for scanners: /opt/a/package.json',
    '    package metadata, for scanners: pkg:npm/a@1',
  ]);
});

it('leaves what is kept already as it is: it is no metadata then', () => {
  const before = keepOf('/', '/opt', '/opt/a', '/opt/a/package.json');
  const plan = keepMetadata(before, { files: JSON_OF_A }, tree);
  expect(plan.kept).toEqual(before.kept);
  expect([...plan.kept.values()].some(isMetadata)).toBe(false);
});

it('has no part in a plan that the image has not got', () => {
  const plan = keepMetadata(keepOf('/'), { files: new Map([['/opt/none', 'x']]) }, tree);
  expect([...plan.kept.keys()]).toEqual(['/', '/opt']);
});
