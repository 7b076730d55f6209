import { toTree } from '@keepset/image-tree';
import type { RealPath } from '@keepset/symlink-resolver';
import type { ImageReader } from '@keepset/toolbox';
import { expect, it } from 'vitest';
import { describeInventoryWarnings, inventoryImage } from './inventory-image.js';

const tree = () =>
  toTree(
    ['/', '/etc', '/etc/os-release'].map((path, index) => ({
      path: path as RealPath,
      type: path === '/etc/os-release' ? 'file' : 'directory',
      mode: 0o755,
      uid: 0,
      gid: 0,
      sizeBytes: 10,
      mtimeSeconds: 0,
      inode: `1:${index}`,
      linkCount: 1,
    })),
  );

function readerOf(readHeads: ImageReader['readHeads']): { reader: ImageReader; asked: () => number } {
  let asked = 0;
  const reader = {
    readHeads: (...given: Parameters<ImageReader['readHeads']>) => {
      asked++;
      return readHeads(...given);
    },
  };
  // Nothing else of a reader is asked.
  return { reader: reader as unknown as ImageReader, asked: () => asked };
}

it('reads the databases of one listing once, however many ask', async () => {
  const { reader, asked } = readerOf(async (files) => files.map(() => Buffer.from('ID=debian\n')));
  const listing = tree();
  const [one, other] = await Promise.all([inventoryImage(listing, reader), inventoryImage(listing, reader)]);
  expect(one.system).toEqual({ id: 'debian' });
  expect(other).toBe(one);
  expect(asked()).toBe(1);
});

it('warns, and does not fail, where nothing can be read', async () => {
  const { reader } = readerOf(async () => {
    throw new Error('the container has gone');
  });
  const inventory = await inventoryImage(tree(), reader);
  expect(inventory).toMatchObject({ packages: [], unowned: { files: 1, sizeBytes: 10 } });
  expect(describeInventoryWarnings(inventory)).toEqual([
    'packages: /: no package database could be read: the container has gone',
  ]);
});

it('says the first of many warnings, with its path escaped', () => {
  const warnings = ['/a\xff', '/b', '/c'].map((path) => ({ path, message: 'broken' }));
  expect(describeInventoryWarnings({ warnings })).toEqual([
    'packages: /a\\377: broken; and 2 more, see the manifest',
  ]);
  expect(describeInventoryWarnings({ warnings: [] })).toEqual([]);
});
