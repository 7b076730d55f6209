import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { manifestFiles } from './manifest-files.js';

const folder = mkdtempSync(join(tmpdir(), 'test-manifest-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

mkdirSync(join(folder, 'm/deep'), { recursive: true });
for (const name of ['m/a.json', 'm/deep/b.json', 'm/other.txt']) writeFileSync(join(folder, name), '');
writeFileSync(join(folder, 'fleet.yaml'), 'images: [a]\nresults: { manifests: m }\n');
writeFileSync(join(folder, 'absolute.yaml'), `images: [a]\nresults: { manifests: ${join(folder, 'm')} }\n`);
writeFileSync(join(folder, 'none.yaml'), 'images: [a]\n');

describe('manifests are named', () => {
  it.each([
    ['by a file', 'm/a.json', ['m/a.json']],
    ['by a folder', 'm', ['m/a.json', 'm/deep/b.json']],
    ['by a pattern', '**/b.json', ['m/deep/b.json']],
    ['by the fleet whose results they are of', 'fleet.yaml', ['m/a.json', 'm/deep/b.json']],
    ['by a fleet that writes them to an absolute place', 'absolute.yaml', ['m/a.json', 'm/deep/b.json']],
  ])('%s', async (_, place, files) => {
    expect((await manifestFiles(join(folder, place))).files).toEqual(files.map((file) => join(folder, file)));
  });

  it.each([
    ['nothing', 'no.json', 'there is no'],
    ['a pattern of nothing', '*.nosuch', 'no file matches'],
    ['a fleet without them', 'none.yaml', 'names no folder for manifests'],
    ['a fleet that is not there', 'no.yaml', 'cannot read'],
  ])('but not by %s', async (_, place, message) => {
    await expect(manifestFiles(join(folder, place))).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(message),
    });
  });
});
