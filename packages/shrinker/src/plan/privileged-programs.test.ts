import { toTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import { expect, it } from 'vitest';
import { privilegedPrograms } from './privileged-programs.js';

const entry = (path: string, mode: number, uid = 0, gid = 0) => ({
  path: path as RealPath,
  type: path === '/' ? ('directory' as const) : ('file' as const),
  mode,
  uid,
  gid,
  sizeBytes: 1,
  mtimeSeconds: 0,
  inode: `1:${path}`.replace(/[^\d:]/g, '1'),
  linkCount: 1,
});
const tree = toTree([
  entry('/', 0o755),
  entry('/plain', 0o755),
  entry('/setuid-root', 0o4755),
  entry('/setuid-user', 0o4755, 1000),
  entry('/setgid', 0o2755, 0, 42),
]);
const all = ['/plain', '/setuid-root', '/setuid-user', '/setgid', '/gone'];

it.each([
  ['root', 0, 0, ['/setuid-user', '/setgid']],
  ['a user', 1000, 1000, ['/setuid-root', '/setgid']],
  ['a member of the group', 1000, 42, ['/setuid-root']],
])('names those that change the rights of %s', (_who, uid, gid, privileged) => {
  expect(privilegedPrograms(all, tree, { uid, gid, supplementaryGids: [], home: undefined })).toEqual(
    privileged,
  );
});

it.each([
  ['a user', 1000, ['/plain']],
  ['root, who has them all', 0, []],
])('names those with capabilities of their own for %s', (_who, uid, privileged) => {
  const who = { uid, gid: 0, supplementaryGids: [], home: undefined };
  expect(privilegedPrograms(['/plain', '/gone'], tree, who, ['/plain'])).toEqual(privileged);
});
