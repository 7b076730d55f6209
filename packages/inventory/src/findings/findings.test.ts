import { describe, expect, it } from 'vitest';
import type { InstalledPackage } from '../installed-package.js';
import { toFindings } from './findings.js';

const DEBIAN = { id: 'debian', versionId: '12' };
const libssl: InstalledPackage = {
  ecosystem: 'deb',
  name: 'libssl3',
  version: '1:3.0.11-1',
  architecture: 'amd64',
  sourcePackage: { name: 'openssl', version: '1:3.0.11-1' },
  licenses: [],
  purl: 'pkg:deb/debian/libssl3@1:3.0.11-1?arch=amd64&distro=debian-12',
  database: '/var/lib/dpkg/status',
};
const python: InstalledPackage = {
  ...libssl,
  ecosystem: 'pypi',
  name: 'My.Pkg',
  version: '1',
  purl: 'pkg:pypi/my.pkg@1',
};

const grype = (purl: string) => ({
  matches: [
    {
      vulnerability: { id: 'CVE-2024-1' },
      relatedVulnerabilities: [{ id: 'CVE-2024-1' }, { id: 'GHSA-1' }],
      artifact: { name: 'libssl3', version: '1:3.0.11-1', purl },
    },
  ],
});
const trivy = (purl: string) => ({
  SchemaVersion: 2,
  Results: [
    { Target: 'x', Class: 'secret' },
    {
      Target: 'small (debian 12)',
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2024-1',
          VendorIDs: ['DSA-1'],
          PkgName: 'libssl3',
          PkgIdentifier: { PURL: purl },
        },
      ],
    },
  ],
});

describe.each([
  ['grype', grype, ['GHSA-1']],
  ['trivy', trivy, ['DSA-1']],
])('%s', (_, write, aliases) => {
  it.each<[purl: string, isMeant: boolean, each: InstalledPackage]>([
    ['pkg:deb/debian/libssl3@1:3.0.11-1?arch=amd64&distro=debian-12.4', true, libssl],
    ['pkg:deb/debian/libssl3@1%3A3.0.11-1', true, libssl],
    ['pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&epoch=1', true, libssl],
    ['pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&epoch=2', false, libssl],
    ['pkg:deb/debian/libssl3@1:3.0.11-1?arch=arm64', false, libssl],
    ['pkg:deb/debian/libssl3@1:3.0.11-2?arch=amd64', false, libssl],
    ['pkg:deb/ubuntu/libssl3@1:3.0.11-1?arch=amd64', false, libssl],
    ['pkg:deb/debian/openssl@1:3.0.11-1?arch=amd64', false, libssl],
    ['pkg:pypi/my-pkg@1', true, python],
    ['pkg:pypi/my-pkg@1.0', false, python],
  ])('%s: %s', (purl, isMeant, each) => {
    const [finding] = toFindings(write(purl))?.findings ?? [];
    expect(finding).toMatchObject({ vulnerability: 'CVE-2024-1', aliases });
    expect(finding?.isMeant(each, DEBIAN)).toBe(isMeant);
    expect(finding?.purlOf(each)).toBe(purl);
  });

  it.each(['', 'libssl3', 'pkg:deb/debian/libssl3'])(
    'passes over %j, of which it is not known what it means',
    (purl) => {
      expect(toFindings(write(purl))).toEqual({ findings: [], passedOver: 1 });
    },
  );
});

it('OSV: by the rules of the record', () => {
  const record = {
    id: 'DSA-1-1',
    aliases: ['CVE-2024-1'],
    affected: [
      {
        package: { ecosystem: 'Debian:12', name: 'openssl' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1:3.0.13-1' }] }],
      },
    ],
  };
  const { findings, passedOver } =
    toFindings([record, { ...record, withdrawn: '2024-01-01T00:00:00Z' }]) ?? {};
  expect(passedOver).toBe(1);
  expect(findings).toHaveLength(1);
  expect(findings?.[0]?.isMeant(libssl, DEBIAN)).toBe(true);
  expect(
    findings?.[0]?.isMeant({ ...libssl, sourcePackage: { name: 'openssl', version: '1:3.0.13-1' } }, DEBIAN),
  ).toBe(false);
  expect(findings?.[0]?.purlOf(libssl)).toBe(libssl.purl);
  expect(toFindings(record)?.findings).toHaveLength(1);
});

it.each([[null], [1], ['x'], [{}], [[]], [[{ id: 'x' }, {}]], [{ matches: 1 }]])(
  '%j is none of them',
  (value) => {
    expect(toFindings(value)).toBeUndefined();
  },
);

it('a scan that found nothing has no findings', () => {
  const nothing = { findings: [], passedOver: 0 };
  expect(toFindings({ matches: [] })).toEqual(nothing);
  expect(toFindings({ SchemaVersion: 2 })).toEqual(nothing);
});
