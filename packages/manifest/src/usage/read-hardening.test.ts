import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hardening } from '@keepset/hardening';
import { afterAll, describe, expect, it } from 'vitest';
import { readHardening } from './read-hardening.js';

const folder = mkdtempSync(join(tmpdir(), 'test-hardening-'));
afterAll(() => rmSync(folder, { recursive: true }));

const rights: Hardening = {
  architecture: 'amd64',
  calls: [{ name: 'openat', reasons: [{ kind: 'base', family: 'base' }] }],
  absent: [],
  capabilities: [],
  gaining: [],
  writable: [{ path: '/var/lib/app', kind: 'volume', because: '/var/lib/app/x' }],
  rootWrites: [],
  network: { kind: 'none', listens: [], connects: false },
  devices: [],
  runs: ['main'],
  images: ['a:1'],
  engines: ['Docker 20.10'],
  used: {
    programs: ['/usr/sbin/app'],
    folders: ['/usr/sbin'],
    listed: ['/etc/app.d'],
    mounts: [{ path: '/data' }, { path: '/etc/app.conf', readOnly: true }],
  },
  seen: { processes: 1, files: 3 },
};

async function read(content: unknown): Promise<Hardening> {
  const file = join(folder, 'rights.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return await readHardening(file);
}

it('rights are read from their file, their folder, and a manifest', async () => {
  expect(await read(rights)).toEqual(rights);
  const own = join(folder, 'own');
  mkdirSync(own);
  writeFileSync(join(own, 'hardening.json'), JSON.stringify(rights));
  expect(await readHardening(own)).toEqual(rights);
  const image = { id: 'sha256:1', reference: 'a' };
  const manifest = {
    manifestVersion: 1,
    source: image,
    result: image,
    runs: [],
    programs: [],
    kept: [],
    removed: [],
  };
  expect(await read({ ...manifest, hardening: rights })).toEqual(rights);
  await expect(read(manifest)).rejects.toThrow(/has no rights/);
});

describe('rights that will not do are refused: they go into scripts', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', '', /cannot read rights from .*rights\.json/],
    ['a list', [], /is no object/],
    ['a field too few', { ...rights, runs: undefined }, /runs is missing/],
    [
      'a path that ends a word',
      { ...rights, writable: [{ path: "/a'; id #", kind: 'volume', because: '/' }] },
      /writable\[0\]\.path/,
    ],
    [
      'a path with a variable',
      { ...rights, writable: [{ path: '/$HOME', kind: 'tmpfs', because: '/' }] },
      /writable\[0\]\.path/,
    ],
    [
      'a capability of two words',
      { ...rights, capabilities: [{ name: 'KILL --privileged', reasons: [] }] },
      /capabilities\[0\]\.name/,
    ],
    [
      'a call of two lines',
      { ...rights, calls: [{ name: 'read\nExecStart=id', reasons: [] }] },
      /calls\[0\]\.name/,
    ],
    ['a name of two lines', { ...rights, images: ['a\nid'] }, /images\[0\]/],
    ['a folder without rights', 'x', /is not valid JSON|Unexpected token/],
  ])('%s', async (_, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it('what is not there', async () => {
    await expect(readHardening(join(folder, 'nowhere'))).rejects.toThrow(/ENOENT/);
  });
});
