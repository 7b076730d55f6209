import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readManifest } from '../record/read-manifest.js';
import { groupPaths } from '../usage/group-paths.js';
import { compareListings } from './compare-listings.js';
import { isManifest, readFileListing, readManifestListings } from './read-listings.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-listings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const ACCESS = { run: 'main', action: 'open', call: 'openat', line: 1, count: 1 };

const MANIFEST = {
  manifestVersion: 1,
  source: { id: 'x' },
  result: { id: 'y' },
  runs: [{ name: 'main', command: ['a'] }],
  programs: [{ path: '/a\\377', argv: ['a', '-x'] }],
  kept: [
    { path: '/', type: 'directory', sizeBytes: 0, mode: 0o755, reasons: [{ rule: 'skeleton' }] },
    {
      path: '/a\\377',
      type: 'file',
      sizeBytes: 5,
      mode: 0o755,
      uid: 7,
      owners: [0],
      reasons: [{ ...ACCESS, program: 0 }],
    },
    {
      path: '/b',
      type: 'file',
      sizeBytes: 5,
      mode: 0o755,
      hardLinkTo: '/a\\377',
      owners: [0],
      reasons: [ACCESS],
    },
    {
      path: '/stub',
      type: 'file',
      sizeBytes: 0,
      sourceSizeBytes: 9,
      stub: true,
      mode: 0o644,
      reasons: [{ rule: 'listed' }],
    },
  ],
  removed: [{ path: '/gone', type: 'file', sizeBytes: 20, owners: [1] }],
  packages: ['kept', 'gone'].map((name) => ({
    ecosystem: 'deb',
    name,
    version: '1',
    licenses: [],
    purl: `pkg:deb/${name}@1`,
    database: '/db',
  })),
};

const file = write('manifest.json', JSON.stringify(MANIFEST));

it('tells of a manifest what its source has, and what its result', async () => {
  const { source, result } = await readManifestListings(file);
  expect([...source.files.keys()].sort()).toEqual(['/', '/a\xff', '/b', '/gone', '/stub']);
  expect(source.files.get('/stub')?.sizeBytes).toBe(9);
  expect(source.packages?.map((each) => each?.name)).toEqual(['kept', 'gone']);
  expect([...result.files.keys()].sort()).toEqual(['/', '/a\xff', '/b', '/stub']);
  expect(result.files.get('/stub')?.sizeBytes).toBe(0);
  expect(result.packages?.map((each) => each?.name)).toEqual(['kept', undefined]);
  expect(result.files.get('/b')).toMatchObject({ hardLinkTo: '/a\xff', uid: 0, gid: 0 });
  expect(result.files.get('/a\xff')).toMatchObject({ uid: 7, mode: 0o755 });
  const { changes, after } = compareListings(source, result);
  expect([...changes.values()].map(({ path, kind, aspects }) => [path, kind, ...aspects])).toEqual([
    ['/gone', 'removed'],
    ['/stub', 'changed', 'content'],
  ]);
  expect(after).toEqual({ paths: 4, sizeBytes: 5 });
});

it('knows little of a path in an older manifest, and nothing of one in a keep list', async () => {
  const { source } = await readManifestListings(file);
  expect(source.files.get('/gone')).toMatchObject({ sizeBytes: 20, mode: undefined, uid: undefined });
  const list = write('keep.txt', '# what stays\n\n/a\\377\n/stub\tstub\n');
  const { files, packages } = await readFileListing(list);
  expect([...files.keys()]).toEqual(['/a\xff', '/stub']);
  expect(files.get('/stub')).toMatchObject({ type: undefined, sizeBytes: undefined });
  expect(packages).toBeUndefined();
});

it.each([
  ['{"manifestVersion":1}', true],
  ['\n  {', true],
  ['words', true],
  ['# a list\n', false],
  ['\n/a\n', false],
  ['', false],
])('%j is to be read as a manifest: %s', async (text, expected) => {
  expect(await isManifest(write('what', text))).toBe(expected);
});

it.each([
  [
    'package',
    false,
    [
      ['deb:kept', 2, 5],
      [undefined, 2, 0],
    ],
  ],
  ['package', true, [['deb:gone', 1, 20]]],
  ['dir', false, [['/', 4, 5]]],
  [
    'run',
    false,
    [
      ['main', 2, 5],
      [undefined, 2, 0],
    ],
  ],
  [
    'process',
    false,
    [
      ['a -x', 1, 5],
      [undefined, 3, 5],
    ],
  ],
] as const)(
  'puts paths together by %s (removed: %s), one content counted once',
  async (by, removed, expected) => {
    const groups = groupPaths(await readManifest(file), by, { removed });
    const rows = groups.map(({ name, paths, sizeBytes }) => [name, paths, sizeBytes]);
    const order = (one: unknown, other: unknown) => (String(one) < String(other) ? -1 : 1);
    expect([...rows].sort(order)).toEqual([...expected].sort(order));
  },
);
