import { expect, it } from 'vitest';
import type { InstalledPackage } from './installed-package.js';
import { sumUsage } from './package-usage.js';

const packages: InstalledPackage[] = ['one', 'two'].map((name) => ({
  ecosystem: 'deb',
  name,
  version: '1',
  licenses: [],
  purl: `pkg:deb/debian/${name}@1`,
  database: '/var/lib/dpkg/status',
}));

it('counts each file by its strongest use, for every owner, and each run for itself', () => {
  const { packages: rows, unowned } = sumUsage(packages, [
    {
      sizeBytes: 1,
      kept: true,
      owners: [0],
      uses: [
        { run: 'b', kind: 'seen' },
        { run: 'a', kind: 'read' },
        { run: 'a', kind: 'executed' },
      ],
    },
    { sizeBytes: 10, kept: true, owners: [0, 1], uses: [{ run: 'b', kind: 'loaded' }] },
    { sizeBytes: 100, kept: true, owners: [0], uses: [{ run: 'a', kind: 'seen' }] },
    { sizeBytes: 1000, kept: false, owners: [0], uses: [] },
    { sizeBytes: 10_000, kept: true, owners: [1], uses: [{ kind: 'loaded' }] },
    { sizeBytes: 7, kept: false, owners: [], uses: [] },
  ]);
  expect(rows.map(({ package: { name } }) => name)).toEqual(['one', 'two']);
  expect(rows[0]).toMatchObject({
    installed: { files: 4, sizeBytes: 1111 },
    kept: { files: 3, sizeBytes: 111 },
    used: { files: 2, sizeBytes: 11 },
    byKind: { executed: 1, loaded: 1, read: 0, seen: 1 },
    byRun: [
      { run: 'a', files: 1, sizeBytes: 1 },
      { run: 'b', files: 1, sizeBytes: 10 },
    ],
  });
  expect(rows[1]).toMatchObject({
    used: { files: 2, sizeBytes: 10_010 },
    byRun: [{ run: 'b', files: 1, sizeBytes: 10 }],
  });
  expect(unowned).toMatchObject({ installed: { files: 1, sizeBytes: 7 }, used: { files: 0, sizeBytes: 0 } });
});
