import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareListings } from './compare-listings.js';
import type { FileFacts, FileListing } from './file-listing.js';
import { sumChanges } from './sum-changes.js';

const FILE: FileFacts = {
  type: 'file',
  sizeBytes: 10,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeSeconds: 1,
  linkTarget: undefined,
  hardLinkTo: undefined,
  sha256: undefined,
  owners: [],
};
const LINK: FileFacts = { ...FILE, type: 'symlink', sizeBytes: 0, linkTarget: 'a' };
const DIRECTORY: FileFacts = { ...FILE, type: 'directory', sizeBytes: 0 };
const UNKNOWN: FileFacts = {
  ...FILE,
  type: undefined,
  sizeBytes: undefined,
  mode: undefined,
  uid: undefined,
  gid: undefined,
  mtimeSeconds: undefined,
};

function listing(files: Readonly<Record<string, FileFacts>>): FileListing {
  return { files: new Map(Object.entries(files)), packages: undefined };
}

describe('one path on both sides', () => {
  it.each<[string, FileFacts, FileFacts, readonly string[], boolean?]>([
    ['the same', FILE, { ...FILE }, []],
    ['larger', FILE, { ...FILE, sizeBytes: 11 }, ['content']],
    ['of one size, with other bytes', { ...FILE, sha256: 'a' }, { ...FILE, sha256: 'b' }, ['content']],
    ['with another mode', FILE, { ...FILE, mode: 0o755 }, ['mode']],
    ['with another uid', FILE, { ...FILE, uid: 1 }, ['owner']],
    ['with another gid', FILE, { ...FILE, gid: 1 }, ['owner']],
    ['a file of another time', FILE, { ...FILE, mtimeSeconds: 2 }, ['time']],
    [
      'a file of another time and the same bytes',
      { ...FILE, sha256: 'a' },
      { ...FILE, sha256: 'a', mtimeSeconds: 2 },
      [],
    ],
    [
      'the same, where times matter',
      { ...FILE, sha256: 'a' },
      { ...FILE, sha256: 'a', mtimeSeconds: 2 },
      ['time'],
      true,
    ],
    ['a folder of another time', DIRECTORY, { ...DIRECTORY, mtimeSeconds: 2 }, []],
    ['a link that leads elsewhere', LINK, { ...LINK, linkTarget: 'b' }, ['target']],
    ['a link in place of a file', FILE, LINK, ['type']],
    ['of a keep list', FILE, UNKNOWN, []],
    ['of two keep lists', UNKNOWN, UNKNOWN, []],
  ])('%s', (_what, before, after, aspects, times = false) => {
    const { changes } = compareListings(listing({ '/x': before }), listing({ '/x': after }), { times });
    expect([...changes.values()].map((change) => change.aspects)).toEqual(
      aspects.length === 0 ? [] : [aspects],
    );
  });
});

it('tells exactly what was added, removed and changed, the largest first', () => {
  const before = listing({ '/': DIRECTORY, '/gone': FILE, '/grown': FILE, '/mode': FILE, '/same': FILE });
  const after = listing({
    '/': DIRECTORY,
    '/grown': { ...FILE, sizeBytes: 50 },
    '/mode': { ...FILE, mode: 0 },
    '/new': { ...FILE, sizeBytes: 30 },
    '/same': FILE,
  });
  const { changes, ...sums } = compareListings(before, after);
  expect([...changes.values()].map(({ kind, path, deltaBytes }) => [kind, path, deltaBytes])).toEqual([
    ['changed', '/grown', 40],
    ['added', '/new', 30],
    ['removed', '/gone', -10],
    ['changed', '/mode', 0],
  ]);
  expect(sums).toEqual({
    before: { paths: 5, sizeBytes: 40 },
    after: { paths: 5, sizeBytes: 100 },
    added: { paths: 1, sizeBytes: 30 },
    removed: { paths: 1, sizeBytes: 10 },
    changed: { paths: 2, sizeBytes: 60 },
    packages: undefined,
  });
});

it('counts one content with several names once, whichever of the names there are', () => {
  const other = { ...FILE, hardLinkTo: '/a' };
  const before = listing({ '/a': FILE, '/b': other, '/c': other });
  const after = listing({ '/b': other, '/c': other });
  expect(compareListings(before, after)).toMatchObject({
    before: { paths: 3, sizeBytes: 10 },
    after: { paths: 2, sizeBytes: 10 },
    removed: { paths: 1, sizeBytes: 10 },
  });
});

it('tells of packages: by their names, whatever their versions', () => {
  const package_ = (name: string, version: string) => ({
    ecosystem: 'deb' as const,
    name,
    version,
    licenses: [],
    purl: `pkg:deb/debian/${name}@${version}`,
    database: '/var/lib/dpkg/status',
  });
  const before: FileListing = {
    files: new Map([
      ['/a', { ...FILE, owners: [0] }],
      ['/b', { ...FILE, owners: [1] }],
      ['/c', { ...FILE, owners: [2] }],
      ['/own', FILE],
    ]),
    packages: [package_('gone', '1'), package_('newer', '1'), package_('same', '1')],
  };
  const after: FileListing = {
    files: new Map([
      ['/b', { ...FILE, owners: [0] }],
      ['/c', { ...FILE, owners: [1] }],
      ['/d', { ...FILE, sizeBytes: 7, owners: [2] }],
    ]),
    packages: [package_('newer', '2'), package_('same', '1'), package_('new', '1'), undefined],
  };
  const { packages = [], changes } = compareListings(before, after);
  expect([...changes.values()].map(({ path, packages }) => [path, packages])).toEqual([
    ['/a', ['deb:gone']],
    ['/own', []],
    ['/d', ['deb:new']],
  ]);
  expect(packages.map((each) => [each.package, each.kind, each.deltaBytes])).toEqual([
    [undefined, 'removed', -10],
    ['deb:gone', 'removed', -10],
    ['deb:new', 'added', 7],
    ['deb:newer', 'changed', 0],
  ]);
  expect(packages.at(-1)).toMatchObject({
    before: { versions: ['1'], paths: 1 },
    after: { versions: ['2'], paths: 1 },
    paths: { added: 0, removed: 0, changed: 0 },
  });
});

const facts = fc.record({
  type: fc.constantFrom('file', 'directory', 'symlink'),
  sizeBytes: fc.nat(100),
  mode: fc.constantFrom(0o644, 0o755),
  uid: fc.constantFrom(0, 1),
  gid: fc.constant(0),
  mtimeSeconds: fc.nat(3),
  linkTarget: fc.constant(undefined),
  hardLinkTo: fc.constant(undefined),
  sha256: fc.constant(undefined),
  owners: fc.constant([]),
});
const anyListing = fc
  .dictionary(
    fc.constantFrom('/a', '/a/b', '/a/c', '/a/b/c', '/d', '/e/f/g'),
    facts.map((each): FileFacts => ({ ...each, sizeBytes: each.type === 'file' ? each.sizeBytes : 0 })),
  )
  .map(listing);

describe('laws', () => {
  it('the changes, applied to what was before, give what is after; and the sums check out', () => {
    fc.assert(
      fc.property(anyListing, anyListing, (before, after) => {
        const { changes, ...sums } = compareListings(before, after, { times: true });
        const files = new Map(before.files);
        for (const { path, after } of changes.values()) {
          if (after === undefined) files.delete(path);
          else files.set(path, after);
        }
        expect(new Map([...files].sort())).toEqual(new Map([...after.files].sort()));
        const deltaBytes = [...changes.values()].reduce((sum, change) => sum + (change.deltaBytes ?? 0), 0);
        expect(sums.before.sizeBytes + deltaBytes).toBe(sums.after.sizeBytes);
        expect(sums.before.paths + sums.added.paths - sums.removed.paths).toBe(sums.after.paths);
        for (const depth of [1, 2, 3]) {
          const rows = sumChanges(changes, depth);
          expect(rows.reduce((sum, row) => sum + row.deltaBytes, 0)).toBe(deltaBytes);
          expect(rows.reduce((sum, row) => sum + row.removed.paths, 0)).toBe(sums.removed.paths);
        }
      }),
    );
  });

  it('the other way round, what was added is removed', () => {
    fc.assert(
      fc.property(anyListing, anyListing, (one, other) => {
        const there = compareListings(one, other);
        const back = compareListings(other, one);
        expect(back.removed).toEqual(there.added);
        expect([...back.changes.keys()].sort()).toEqual([...there.changes.keys()].sort());
      }),
    );
  });

  it('nothing differs from itself', () => {
    fc.assert(
      fc.property(anyListing, (one) => {
        const { changes } = compareListings(one, { ...one, files: structuredClone(one.files) });
        expect(changes.size).toBe(0);
      }),
    );
  });
});
