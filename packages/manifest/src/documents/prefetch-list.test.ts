import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printPath } from '@keepset/strace-parser';
import { afterAll, expect, it } from 'vitest';
import { readManifest } from '../record/read-manifest.js';
import { type PrefetchFormat, writePrefetchList } from './prefetch-list.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-prefetch-'));
afterAll(() => rmSync(folder, { recursive: true }));

const opened = (line: number) => [{ run: 'main', action: 'open', call: 'openat', line, count: 1 }];

/** Byte strings. */
const KEPT = [
  { path: '/a/late', type: 'file', reasons: opened(30) },
  { path: '/a/first', type: 'file', reasons: opened(1) },
  { path: '/a/blank ', type: 'file', reasons: opened(2) },
  { path: '/a/new\nline', type: 'file', reasons: opened(3) },
  { path: '/a/"quoted"\\', type: 'file', reasons: opened(4) },
  { path: '/a/\xff', type: 'file', reasons: opened(5) },
  { path: '/a/\xc3\xbc', type: 'file', reasons: opened(6) },
  { path: '/a/empty', type: 'file', sizeBytes: 0, reasons: opened(7) },
  { path: '/a', type: 'directory', reasons: opened(8) },
  { path: '/a/kept', type: 'file', reasons: [{ rule: 'keep', from: '/a/kept' }] },
];

async function manifestOf(kept: readonly { path: string }[]) {
  const text = {
    manifestVersion: 1,
    source: { id: 'x' },
    result: { id: 'y' },
    runs: [],
    programs: [],
    kept: kept.map(({ path, ...entry }) => ({ path: printPath(path), sizeBytes: 1, ...entry })),
    removed: [{ path: '/gone', type: 'file', sizeBytes: 1 }],
  };
  const file = join(folder, 'manifest.json');
  writeFileSync(file, JSON.stringify(text));
  return await readManifest(file, { side: 'kept' });
}

it.each<[PrefetchFormat, (text: string) => readonly string[], readonly string[], readonly string[]]>([
  [
    'stargz',
    (text) =>
      Array.from(text.trimEnd().split('\n'), (line) => `/${(JSON.parse(line) as { path: string }).path}`),
    ['/a/first', '/a/blank ', '/a/new\nline', '/a/"quoted"\\', '/a/ü', '/a/late'],
    ['/a/\xff'],
  ],
  [
    'soci',
    (text) => JSON.parse(text) as string[],
    ['/a/first', '/a/new\nline', '/a/"quoted"\\', '/a/ü', '/a/late'],
    ['/a/blank ', '/a/\xff'],
  ],
  [
    'nydus',
    (text) => text.split('\n').slice(0, -1),
    ['/a/first', '/a/"quoted"\\', '/a/ü', '/a/late'],
    ['/a/blank ', '/a/new\nline', '/a/\xff'],
  ],
])(
  'a list of %s has the files that were read, in their order, and says what it cannot',
  async (format, parse, expected, leftOut) => {
    const list = writePrefetchList(await manifestOf(KEPT), format);
    expect(parse(list.text)).toEqual(expected);
    expect(list).toMatchObject({ files: expected.length, leftOut });
  },
);

it.each<[PrefetchFormat, string]>([
  ['stargz', ''],
  ['soci', '[]\n'],
  ['nydus', ''],
])('a list of %s may be empty', async (format, expected) => {
  const list = writePrefetchList(await manifestOf([]), format);
  expect(list).toEqual({ text: expected, files: 0, leftOut: [] });
});
