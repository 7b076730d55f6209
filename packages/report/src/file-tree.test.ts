import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type MapNode, treeByFolder, treeByPackage } from './page/file-tree.js';
import { bytesOf, layOutMap, type MapCell } from './page/lay-out-map.js';
import type { ReportEntry } from './report-data.js';

function file(path: string, sizeBytes: number, more: Partial<ReportEntry> = {}): ReportEntry {
  return { path, type: 'file', sizeBytes, state: 'removed', owners: [], why: [], programs: [], ...more };
}

const outline = (node: MapNode): unknown => [
  node.label,
  node.sizeBytes,
  node.keptBytes,
  ...node.children().map(outline),
];

it('sums up by folder, the largest first', () => {
  const entries = [
    file('/a', 1),
    file('/usr/b', 20, { state: 'kept' }),
    file('/usr/lib/c', 300),
    file('/usr/lib/stub', 4000, { state: 'stub' }),
    { ...file('/usr', 0), type: 'directory' },
  ];
  expect(outline(treeByFolder(entries))).toEqual([
    '/',
    4321,
    20,
    ['usr', 4320, 20, ['lib', 4300, 0, ['stub', 4000, 0], ['c', 300, 0]], ['b', 20, 20]],
    ['a', 1, 0],
  ]);
});

it('sums up by package; a file of two is in the first, and what is nobody’s is there as well', () => {
  const packages = [
    { ecosystem: 'deb', name: 'one', version: '1' },
    { ecosystem: 'pypi', name: 'two', version: '2' },
  ];
  const entries = [
    file('/a', 5, { owners: [0, 1], state: 'kept' }),
    file('/b', 7, { owners: [1] }),
    file('/c', 1),
  ];
  expect(outline(treeByPackage(entries, packages))).toEqual([
    'packages',
    13,
    5,
    ['pypi', 7, 0, ['two 2', 7, 0, ['b', 7, 0]]],
    ['deb', 5, 5, ['one 1', 5, 5, ['a', 5, 5]]],
    ['of no package', 1, 0, ['c', 1, 0]],
  ]);
});

const anyEntries = fc
  .uniqueArray(
    fc.tuple(
      fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }),
      fc.nat(1000),
      fc.boolean(),
    ),
    { selector: ([names]) => names.join('/'), maxLength: 40 },
  )
  // A path is a file or a folder: files get a name that no folder has.
  .map((files) =>
    files.map(([names, sizeBytes, kept], index) =>
      file(`/${names.join('/')}/file-${index}`, sizeBytes, { state: kept ? 'kept' : 'removed' }),
    ),
  );

it('lays areas out in proportion, inside the map and beside each other', () => {
  const inside = (cell: MapCell, width: number, height: number) =>
    cell.left >= 0 && cell.top >= 0 && cell.left + cell.width <= width && cell.top + cell.height <= height;
  const overlap = (one: MapCell, other: MapCell) =>
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height;
  fc.assert(
    fc.property(anyEntries, fc.constantFrom('source' as const, 'result' as const), (entries, side) => {
      const root = treeByFolder(entries);
      const cells = layOutMap(root, side, { width: 900, height: 500 });
      expect(cells.reduce((sum, { node }) => sum + bytesOf(node, side), 0)).toBe(bytesOf(root, side));
      for (const [index, cell] of cells.entries()) {
        expect(inside(cell, 900, 500)).toBe(true);
        for (const other of cells.slice(index + 1)) expect(overlap(cell, other)).toBe(false);
        for (const inner of cell.inner) expect(inner.top).toBeGreaterThanOrEqual(cell.top);
      }
    }),
  );
});

it('draws the smallest of very many as one, which can be opened', () => {
  const root = treeByFolder(Array.from({ length: 500 }, (_, index) => file(`/f${index}`, index + 1)));
  const cells = layOutMap(root, 'source', { width: 900, height: 500 });
  expect(cells).toHaveLength(60);
  const rest = cells.find(({ node }) => node.label === '441 smaller ones')?.node;
  expect(rest?.children()).toHaveLength(441);
  expect(cells.reduce((sum, { node }) => sum + node.sizeBytes, 0)).toBe(root.sizeBytes);
});
