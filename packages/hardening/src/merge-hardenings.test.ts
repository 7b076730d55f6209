import { expect, it } from 'vitest';
import type { Hardening, UsedFiles } from './hardening.js';
import { mergeHardenings } from './merge-hardenings.js';

const using = (used: Partial<UsedFiles>): Hardening => ({
  architecture: 'amd64',
  calls: [],
  absent: [],
  capabilities: [],
  gaining: [],
  writable: [],
  rootWrites: [],
  network: { kind: 'none', listens: [], connects: false },
  devices: [],
  runs: ['main'],
  images: ['app:1'],
  engines: ['Docker 20.10'],
  used: { programs: [], folders: [], ...used },
  seen: { processes: 1, files: 1 },
});

it.each<[name: string, one: Partial<UsedFiles>, other: Partial<UsedFiles>, merged: Partial<UsedFiles>]>([
  ['of two that nobody looked at', {}, {}, {}],
  [
    'of one that nobody looked at',
    {},
    { listed: ['/srv'], mounts: [{ path: '/data' }] },
    { listed: ['/srv'], mounts: [{ path: '/data' }] },
  ],
  [
    'of two',
    { listed: ['/srv', '/etc'], mounts: [{ path: '/data', readOnly: true }] },
    { listed: ['/srv'], mounts: [{ path: '/data' }, { path: '/conf', readOnly: true }] },
    { listed: ['/etc', '/srv'], mounts: [{ path: '/conf', readOnly: true }, { path: '/data' }] },
  ],
])('the folders and mounts %s', (_, one, other, merged) => {
  const expected = { programs: [], folders: [], ...merged };
  expect(mergeHardenings(using(one), using(other)).used).toEqual(expected);
  expect(mergeHardenings(using(other), using(one)).used).toEqual(expected);
});
