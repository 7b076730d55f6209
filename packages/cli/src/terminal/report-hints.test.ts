import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '@keepset/manifest';
import { afterAll, expect, it } from 'vitest';
import { reportHints } from './report-hints.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-report-hints-'));
afterAll(() => rmSync(folder, { recursive: true }));

const access = { run: 'main', call: 'openat', line: 1, count: 1 };
const OPENED = { ...access, action: 'open' };
const SEEN = { ...access, action: 'stat' };

const OPENED_FILE = { path: '/opened', type: 'file', sizeBytes: 1_000_000, reasons: [SEEN, OPENED] };

async function linesOf(kept: readonly object[], runs = 1): Promise<readonly string[]> {
  const file = join(folder, 'manifest.json');
  const manifest = {
    manifestVersion: 1,
    source: { id: 'x' },
    result: { id: 'y' },
    runs: Array.from({ length: runs }, (_, index) => ({ name: `run-${index}`, command: ['true'] })),
    programs: [],
    kept: [OPENED_FILE, ...kept],
    removed: [{ path: '/removed', type: 'file', sizeBytes: 9_000_000 }],
  };
  writeFileSync(file, JSON.stringify(manifest));
  return reportHints(await readManifest(file)).map(({ line }) => line);
}

it.each<[string, object, string]>([
  ['only seen', { type: 'file', sizeBytes: 500_000, reasons: [SEEN] }, "'/it is'"],
  ['kept by a rule', { type: 'file', sizeBytes: 500_000, reasons: [{ rule: 'listed' }] }, "'/it is'"],
  ['too small for a word', { type: 'file', sizeBytes: 5000, reasons: [SEEN] }, 'PATTERN'],
  ['a folder', { type: 'directory', sizeBytes: 500_000, reasons: [SEEN] }, 'PATTERN'],
  [
    'a loader',
    { type: 'file', sizeBytes: 500_000, reasons: [{ rule: 'loader', from: '/opened' }] },
    'PATTERN',
  ],
  ['for scanners', { type: 'file', sizeBytes: 500_000, reasons: [{ rule: 'metadata' }] }, 'PATTERN'],
  [
    'an empty file of a large one',
    { type: 'file', sizeBytes: 0, sourceSizeBytes: 5e6, stub: true, reasons: [SEEN] },
    'PATTERN',
  ],
])('what is %s: --drop names %j', async (_, entry, named) => {
  const [smaller] = await linesOf([{ path: '/it is', ...entry }]);
  expect(smaller).toBe(`keepset shrink --drop ${named} … IMAGE COMMAND`);
});

it.each([
  [1, 'keepset cost --by dir MANIFEST'],
  [2, "keepset cost --run NAME='COMMAND' --run NAME='COMMAND' IMAGE"],
])('of %i runs, what costs is asked with %s', async (runs, line) => {
  expect((await linesOf([], runs))[1]).toBe(line);
});
