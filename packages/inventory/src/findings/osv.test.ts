import { describe, expect, it } from 'vitest';
import type { InstalledPackage } from '../installed-package.js';
import {
  findRecords,
  judgePackage,
  type OsvEvent,
  type OsvRecord,
  toOsvRecord,
  type Verdict,
} from './osv.js';

const openssl: InstalledPackage = {
  ecosystem: 'deb',
  name: 'libssl3',
  version: '3.0.11-1~deb12u2+b1',
  sourcePackage: { name: 'openssl', version: '3.0.11-1~deb12u2' },
  licenses: [],
  purl: 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2',
  database: '/var/lib/dpkg/status',
};
const debian = { id: 'debian', versionId: '12' };
const of = (ecosystem: string, name: string, events: readonly OsvEvent[], type = 'ECOSYSTEM'): OsvRecord => ({
  id: 'X-1',
  affected: [{ package: { ecosystem, name }, ranges: [{ type, events }] }],
});
const until = (fixed: string) => [{ introduced: '0' }, { fixed }];

describe('a record', () => {
  it.each(['__proto__', 'constructor', 'toString:12'])('of an ecosystem that is none: %s', (ecosystem) => {
    expect(judgePackage(openssl, of(ecosystem, 'libssl3', until('4')), debian)).toBe('unaffected');
  });

  it.each<[string, OsvRecord, Verdict]>([
    ['of the source package, fixed later', of('Debian:12', 'openssl', until('3.0.13-1~deb12u1')), 'affected'],
    ['fixed in just this version', of('Debian:12', 'openssl', until('3.0.11-1~deb12u2')), 'unaffected'],
    ['of the binary package', of('Debian:12', 'libssl3', until('3.0.12-1')), 'affected'],
    ['of another package', of('Debian:12', 'openssl1.1', until('9')), 'unaffected'],
    ['of another release', of('Debian:11', 'openssl', until('9')), 'unaffected'],
    ['of another distribution', of('Ubuntu:22.04', 'openssl', until('9')), 'unaffected'],
    ['of another ecosystem', of('PyPI', 'openssl', until('9')), 'unaffected'],
    ['of no release', of('Debian', 'openssl', until('9')), 'affected'],
    ['never fixed', of('Debian:12', 'openssl', [{ introduced: '3.0.0-1' }]), 'affected'],
    ['brought in later', of('Debian:12', 'openssl', [{ introduced: '3.1' }]), 'unaffected'],
    [
      'fixed and brought back, in no order',
      of('Debian:12', 'openssl', [{ introduced: '3.0.10' }, { fixed: '2' }, { introduced: '0' }]),
      'affected',
    ],
    [
      'last in this version',
      of('Debian:12', 'openssl', [{ introduced: '0' }, { last_affected: '3.0.11-1~deb12u2' }]),
      'affected',
    ],
    [
      'last in the one before',
      of('Debian:12', 'openssl', [{ introduced: '0' }, { last_affected: '3.0.11-1~deb12u1' }]),
      'unaffected',
    ],
    ['of commits only', of('Debian:12', 'openssl', until('abcdef'), 'GIT'), 'unaffected'],
    ['with what is no version', of('Debian:12', 'openssl', until('none?')), 'unknown'],
    [
      'that lists the version',
      {
        id: 'X',
        affected: [{ package: { ecosystem: 'Debian:12', name: 'openssl' }, versions: ['3.0.11-1~deb12u2'] }],
      },
      'affected',
    ],
  ])('%s', (_, record, verdict) => {
    expect(judgePackage(openssl, record, debian)).toBe(verdict);
  });

  it('means Python’s names whatever their spelling, and versions by PEP 440', () => {
    const pillow = { ...openssl, ecosystem: 'pypi', name: 'Pillow_Tools', version: '9.4.0rc1' } as const;
    expect(judgePackage(pillow, of('PyPI', 'pillow-tools', until('9.4')), debian)).toBe('affected');
    expect(judgePackage(pillow, of('PyPI', 'pillow-tools', until('9.4rc1')), debian)).toBe('unaffected');
  });

  it('of Alpine counts for its point releases', () => {
    const musl = { ...openssl, ecosystem: 'apk', name: 'musl', version: '1.2.4-r1' } as const;
    const system = { id: 'alpine', versionId: '3.19.1' };
    expect(judgePackage(musl, of('Alpine:v3.19', 'musl', until('1.2.4-r3')), system)).toBe('affected');
    expect(judgePackage(musl, of('Alpine:v3.1', 'musl', until('1.2.4-r3')), system)).toBe('unaffected');
  });
});

it('is found by aliases of aliases, also where they go in a circle', () => {
  const records: OsvRecord[] = [
    { id: 'DSA-1', aliases: ['CVE-1'] },
    { id: 'CVE-1', aliases: ['GHSA-1'] },
    { id: 'GHSA-1', aliases: ['DSA-1'] },
    { id: 'CVE-2' },
  ];
  expect(
    findRecords('ghsa-1', records)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['CVE-1', 'DSA-1', 'GHSA-1']);
  expect(findRecords('CVE-3', records)).toEqual([]);
});

it.each([
  [undefined],
  [[]],
  ['text'],
  [{ aliases: [] }],
  [{ id: 'X', affected: {} }],
  [{ id: 'X', affected: [{ package: { name: 1 } }] }],
  [{ id: 'X', affected: [{ ranges: [{}] }] }],
])('%j is no record', (value) => {
  expect(toOsvRecord(value)).toBeUndefined();
});
