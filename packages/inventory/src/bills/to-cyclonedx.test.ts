import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, it } from 'vitest';
import type { InstalledPackage } from '../installed-package.js';
import type { BillContents } from './bill-contents.js';
import { toCycloneDx } from './to-cyclonedx.js';

const each: InstalledPackage = {
  ecosystem: 'deb',
  name: 'libssl3',
  version: '3.0.11-1',
  sourcePackage: { name: 'openssl', version: '3.0.11-1' },
  licenses: ['Apache-2.0', 'my own words'],
  purl: 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12',
  database: '/var/lib/dpkg/status',
};
const contents: BillContents = {
  image: { name: 'small:1', digest: `sha256:${'0'.repeat(64)}` },
  toolVersion: '1.2.3',
  system: { id: 'debian', versionId: '12', prettyName: 'Debian 12' },
  packages: [
    { package: each, paths: ['/usr/lib/libssl.so.3', '/odd\\377'], isUsed: true },
    { package: { ...each, name: 'same', origin: 'CRAN' }, paths: ['/x'], isUsed: false },
    { package: { ...each, name: 'same', licenses: [] }, paths: ['/y'], isUsed: false },
  ],
  unownedFiles: 3,
};

it('is what the official schema says', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  expect(await validator.validate(await toCycloneDx(contents))).toBeNull();
  expect(await validator.validate(await toCycloneDx({ ...contents, system: {}, packages: [] }))).toBeNull();
  // It is a judge: what it does not know, it refuses.
  const wrong = {
    ...(JSON.parse(await toCycloneDx(contents)) as object),
    compositions: [{ aggregate: 'some' }],
  };
  expect(await validator.validate(JSON.stringify(wrong))).not.toBeNull();
});

it('tells where each package is, how that is known, and what is not', async () => {
  const bom = JSON.parse(await toCycloneDx(contents));
  expect(bom).toMatchObject({
    specVersion: '1.6',
    metadata: {
      lifecycles: [{ phase: 'post-build' }],
      component: { type: 'container', name: 'small:1', version: contents.image.digest },
    },
    compositions: [{ aggregate: 'incomplete', assemblies: ['image'] }],
  });
  const component = bom.components.find(({ name }: { name: string }) => name === 'libssl3');
  expect(component).toMatchObject({
    purl: each.purl,
    version: '3.0.11-1',
    evidence: {
      identity: [{ methods: [{ technique: 'manifest-analysis' }, { technique: 'dynamic-analysis' }] }],
      occurrences: [{ location: '/usr/lib/libssl.so.3' }, { location: '/odd\\377' }],
    },
  });
  expect(component.licenses).toContainEqual({ license: { id: 'Apache-2.0' } });
  expect(component.licenses).toContainEqual({ license: { name: 'my own words' } });
  expect(bom.components).toHaveLength(4);
});

it('is the same text each time', async () => {
  expect(await toCycloneDx(contents)).toBe(await toCycloneDx(contents));
  expect(JSON.parse(await toCycloneDx({ ...contents, unownedFiles: 0 })).compositions[0].aggregate).toBe(
    'complete',
  );
});
