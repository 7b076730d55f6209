import type { RealPath } from '@keepset/symlink-resolver';
import { describe, expect, it } from 'vitest';
import { checkTree, type TreeEntry } from './index.js';

const entry = (path: string, fields: Partial<TreeEntry> = {}): TreeEntry => ({
  path: path as RealPath,
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  sizeBytes: 0,
  mtimeSeconds: 0,
  inode: '1:1',
  linkCount: 1,
  ...fields,
});

describe('checkTree', () => {
  it.each<[string, (string | TreeEntry)[], [path: string, problem: string][]]>([
    ['nothing', [], []],
    ['a tree of paths', ['/', '/a', '/a-b', '/a/b', '/a/b/c'], []],
    ['a tree of entries', [entry('/'), entry('/a'), entry('/a/b', { type: 'file' })], []],
    ['a child without its parent', ['/', '/a/b'], [['/a/b', 'no parent']]],
    ['a tree without its root', ['/a'], [['/a', 'no parent']]],
    [
      'a child before its parent',
      ['/', '/a/b', '/a'],
      [
        ['/a/b', 'no parent'],
        ['/a', 'out of order'],
      ],
    ],
    ['a path twice', ['/', '/a', '/a'], [['/a', 'twice']]],
    ['an order that is not that of bytes', ['/', '/b', '/a'], [['/a', 'out of order']]],
    ['a relative path', ['/', 'a'], [['a', 'not a real path']]],
    ['a path with ..', ['/', '/..'], [['/..', 'not a real path']]],
    ['a path with a slash at the end', ['/', '/a', '/a/'], [['/a/', 'not a real path']]],
    [
      'an empty path',
      [''],
      [
        ['', 'not a real path'],
        ['', 'no parent'],
      ],
    ],
    [
      'a name too long',
      ['/', `/${'n'.repeat(256)}`],
      [[`/${'n'.repeat(256)}`, 'name longer than 255 bytes']],
    ],
    [
      'something below a file',
      [entry('/'), entry('/a', { type: 'file' }), entry('/a/b')],
      [['/a/b', 'parent is not a directory']],
    ],
    ['a link to nowhere', [entry('/'), entry('/a', { type: 'symlink' })], [['/a', 'link without target']]],
    [
      'hard links that differ',
      [
        entry('/'),
        entry('/a', { type: 'file', linkCount: 2 }),
        entry('/b', { type: 'file', linkCount: 2, mode: 0 }),
      ],
      [['/b', 'hard links differ']],
    ],
    [
      'more names of an inode than it has',
      [entry('/'), ...['/a', '/b', '/c'].map((path) => entry(path, { type: 'file', linkCount: 2 }))],
      [['/c', 'more names than links']],
    ],
  ])('%s', (_title, items, problems) => {
    expect(checkTree(items)).toEqual(problems.map(([path, problem]) => ({ path, problem })));
  });
});
