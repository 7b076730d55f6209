import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import type { InstalledPackage } from '../installed-package.js';
import type { BillContents } from './bill-contents.js';
import { toSpdx } from './to-spdx.js';

const CREATED = '2024-05-06T07:08:09.123Z';
const each: InstalledPackage = {
  ecosystem: 'deb',
  name: 'libssl3',
  version: '3.0.11-1',
  sourcePackage: { name: 'openssl', version: '3.0.11-1' },
  licenses: ['Apache-2.0 OR MIT'],
  purl: 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12',
  database: '/var/lib/dpkg/status',
};
const contents: BillContents = {
  image: { name: 'registry.example:5000/team/small:1', digest: `sha256:${'0'.repeat(64)}` },
  toolVersion: '1.2.3',
  system: { id: 'debian', versionId: '12', prettyName: 'Debian 12' },
  packages: [
    { package: each, paths: ['/usr/lib/libssl.so.3', '/odd\\377'], isUsed: true },
    {
      package: { ...each, name: 'words', licenses: ['my own words'], origin: 'CRAN' },
      paths: ['/x'],
      isUsed: false,
    },
    {
      package: { ...each, name: 'several', licenses: ['MIT', 'ISC'], version: '' },
      paths: ['/y'],
      isUsed: false,
    },
    { package: { ...each, name: 'silent', licenses: [] }, paths: ['/z'], isUsed: false },
  ],
  unownedFiles: 3,
};

const text = { type: 'string', minLength: 1 };
const id = { type: 'string', pattern: '^SPDXRef-[A-Za-z0-9.-]+$' };
const strict = (required: object, optional: object = {}) => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});
const listOf = (items: object) => ({ type: 'array', items, minItems: 1 });
/** Chapters 6, 7, 10 and 11 of the specification: what is mandatory, and of the rest what is written here. */
const DOCUMENT = strict(
  {
    spdxVersion: { const: 'SPDX-2.3' },
    dataLicense: { const: 'CC0-1.0' },
    SPDXID: { const: 'SPDXRef-DOCUMENT' },
    name: text,
    documentNamespace: { type: 'string', format: 'uri', pattern: '^[^#]+$' },
    creationInfo: strict({
      created: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
      creators: listOf({ type: 'string', pattern: '^(?:Tool|Person|Organization): \\S' }),
    }),
    packages: listOf(
      strict(
        { SPDXID: id, name: text, downloadLocation: text },
        {
          versionInfo: text,
          summary: text,
          filesAnalyzed: { const: false },
          licenseConcluded: text,
          licenseDeclared: text,
          copyrightText: text,
          sourceInfo: text,
          comment: text,
          primaryPackagePurpose: { enum: ['CONTAINER', 'LIBRARY', 'OPERATING-SYSTEM'] },
          checksums: listOf(
            strict({
              algorithm: { const: 'SHA256' },
              checksumValue: { type: 'string', pattern: '^[0-9a-f]{64}$' },
            }),
          ),
          externalRefs: listOf(
            strict({
              referenceCategory: { enum: ['PACKAGE-MANAGER'] },
              referenceType: { const: 'purl' },
              referenceLocator: { type: 'string', pattern: '^pkg:[a-z]+/' },
            }),
          ),
        },
      ),
    ),
    relationships: listOf(
      strict({
        spdxElementId: id,
        relatedSpdxElement: id,
        relationshipType: { enum: ['DESCRIBES', 'CONTAINS'] },
      }),
    ),
  },
  {
    comment: text,
    hasExtractedLicensingInfos: listOf(
      strict(
        { licenseId: { type: 'string', pattern: '^LicenseRef-[A-Za-z0-9.-]+$' }, extractedText: text },
        { name: text },
      ),
    ),
  },
);

const ajv = new Ajv.default({ allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(DOCUMENT);

interface Spdx {
  readonly packages: readonly Record<string, unknown>[];
  readonly relationships: readonly Record<string, string>[];
  readonly hasExtractedLicensingInfos?: readonly Record<string, string>[];
  readonly comment: string;
}

function read(of: BillContents): Spdx {
  const document = JSON.parse(toSpdx(of, CREATED)) as Spdx;
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  return document;
}

it('has the fields that the specification asks for, and ids that lead somewhere', () => {
  const { packages, relationships } = read(contents);
  read({ ...contents, system: {}, packages: [] });
  const ids = ['SPDXRef-DOCUMENT', ...packages.map(({ SPDXID }) => SPDXID)];
  expect(new Set(ids).size).toBe(ids.length);
  const ends = relationships.flatMap(({ spdxElementId, relatedSpdxElement }) => [
    spdxElementId,
    relatedSpdxElement,
  ]);
  expect(ends.filter((end) => !ids.includes(end))).toEqual([]);
  // Everything is told to be in the image, and the image to be what the document is about.
  expect(relationships.map(({ relatedSpdxElement }) => relatedSpdxElement)).toEqual(ids.slice(1));
  // It is a judge: what is missing or unknown it refuses.
  expect(validate({ ...JSON.parse(toSpdx(contents, CREATED)), dataLicense: 'MIT' })).toBe(false);
});

it('tells what each package is, and what is known of it', () => {
  const { packages, comment } = read(contents);
  expect(packages[0]).toMatchObject({
    primaryPackagePurpose: 'CONTAINER',
    externalRefs: [
      {
        referenceLocator: `pkg:oci/small@sha256:${'0'.repeat(64)}?repository_url=registry.example%3A5000%2Fteam%2Fsmall`,
      },
    ],
  });
  expect(packages[2]).toMatchObject({
    name: 'libssl3',
    versionInfo: '3.0.11-1',
    licenseDeclared: 'Apache-2.0 OR MIT',
    sourceInfo: 'entered in /var/lib/dpkg/status; built from openssl 3.0.11-1',
    comment: '2 files of it in the image; a run used at least one',
    externalRefs: [{ referenceLocator: each.purl }],
  });
  expect(packages[3]?.comment).toBe('1 file of it in the image; no run opened one');
  expect(packages[4]).not.toHaveProperty('versionInfo');
  expect(comment).toMatch(/^3 files of the image belong to none/);
  expect(read({ ...contents, unownedFiles: 0 }).comment).toMatch(/^Every file/);
});

it('has words that are no expression as references, and joins no licences that the package does not', () => {
  const { packages, hasExtractedLicensingInfos } = read(contents);
  expect(packages.slice(3).map(({ licenseDeclared }) => licenseDeclared)).toEqual([
    'LicenseRef-2',
    'LicenseRef-1',
    'NOASSERTION',
  ]);
  expect(
    hasExtractedLicensingInfos?.map(({ licenseId, extractedText }) => [licenseId, extractedText]),
  ).toEqual([
    ['LicenseRef-1', 'MIT; ISC'],
    ['LicenseRef-2', 'my own words'],
  ]);
});

it('is the same text each time, and has another name for other contents', () => {
  expect(toSpdx(contents, CREATED)).toBe(toSpdx(contents, CREATED));
  const nameOf = (of: BillContents) => JSON.parse(toSpdx(of, CREATED)).documentNamespace;
  expect(nameOf(contents)).not.toBe(nameOf({ ...contents, unownedFiles: 4 }));
});
