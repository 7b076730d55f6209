import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { toHardening } from './to-hardening.js';

const folder = mkdtempSync(join(tmpdir(), 'test-hardening-'));
afterAll(() => rmSync(folder, { recursive: true }));

const given = { harden: undefined, base: [], verify: true, from: [] } as const;

it.each([
  [{}, undefined],
  [{ harden: '' }, { folder: undefined, families: [] }],
  [
    { harden: join(folder, 'new'), base: ['time'] as const },
    { folder: join(folder, 'new'), families: ['time'] },
  ],
])('%j is understood', (options, expected) => {
  expect(toHardening({ ...given, ...options })).toEqual(expected);
});

it.each([
  [{ base: ['time'] as const }, /--base is for --harden/],
  [{ harden: '', verify: false }, /--harden and --no-verify exclude each other/],
  [{ harden: '', reference: 'traced' }, /--harden and --reference traced exclude/],
  [{ harden: '', locked: 'keep.txt' }, /--harden and --locked exclude/],
  [{ harden: '', from: ['trace'] }, /--harden and --from exclude/],
  [{ harden: join(folder, 'no', 'where') }, /--harden: cannot write .*ENOENT/],
])('%j is refused', (options, message) => {
  expect(() => toHardening({ ...given, ...options })).toThrow(message);
});

it('a file is no folder', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => toHardening({ ...given, harden: file })).toThrow(/is not a folder/);
});
