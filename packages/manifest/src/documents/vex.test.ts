import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Findings, toFindings } from '@keepset/inventory';
import { afterAll, expect, it } from 'vitest';
import { answerQuery, removedPackages } from '../affected/affected.js';
import { readManifest, type StoredManifest } from '../record/read-manifest.js';
import { writeVex } from './vex.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-vex-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RESULT = `sha256:${'a'.repeat(64)}`;
const REGISTRY = `sha256:${'b'.repeat(64)}`;
const OPTIONS = { author: 'us', toolVersion: '1', createdAt: '2024-01-01T00:00:00Z' };
const NAMES = ['used', 'seen', 'stub', 'linked', 'gone', 'empty', 'vendored', 'twice', 'twice'];

/** A package for each fate. */
async function manifestOf(extra: object = {}): Promise<StoredManifest> {
  const reasons = (action: string) => [{ run: 'main', action, call: action, line: 1, count: 1 }];
  const kept = [
    { path: '/a/used', type: 'file', owners: [0], reasons: reasons('open') },
    { path: '/a/seen', type: 'file', owners: [1], reasons: reasons('stat') },
    { path: '/a/stub', type: 'file', owners: [2], stub: true, reasons: reasons('list') },
    { path: '/a/linked', type: 'symlink', linkTarget: 'used', owners: [3], reasons: [{ rule: 'link' }] },
    { path: '/opt/vendored-2.so', type: 'file', reasons: reasons('open') },
    { path: '/b/twice', type: 'file', owners: [7], reasons: reasons('open') },
  ];
  const removed = [
    { path: '/a/seen-more', type: 'file', owners: [1] },
    { path: '/a/gone', type: 'file', owners: [4] },
    { path: '/a/vendored', type: 'file', owners: [6] },
    { path: '/c/twice', type: 'file', owners: [8] },
  ];
  const text = {
    manifestVersion: 1,
    source: { id: 'x' },
    result: { id: RESULT, reference: 'team/small:1' },
    runs: [],
    programs: [],
    kept: kept.map((entry) => ({ sizeBytes: 1, ...entry })),
    removed: removed.map((entry) => ({ sizeBytes: 1, ...entry })),
    system: {},
    packages: NAMES.map((name) => ({
      ecosystem: 'npm',
      name,
      version: '1.0.0',
      licenses: [],
      purl: `pkg:npm/${name}@1.0.0`,
      database: '/db',
    })),
    ...extra,
  };
  const file = join(folder, 'manifest.json');
  writeFileSync(file, JSON.stringify(text));
  return await readManifest(file);
}

const ALL = [...NAMES, 'elsewhere'];
const found: Findings = toFindings({
  matches: ALL.map((name) => ({
    vulnerability: { id: `CVE-${name}` },
    artifact: { purl: `pkg:npm/${name}@1.0.0` },
  })),
}) ?? { findings: [], passedOver: 0 };

it('speaks only of a package of which the source has files and the result none', async () => {
  const { document, stated } = writeVex(await manifestOf(), found, OPTIONS);
  const { statements } = JSON.parse(document);
  expect(stated).toBe(1);
  expect(statements).toEqual([
    {
      vulnerability: { name: 'CVE-gone' },
      products: [
        {
          '@id': `pkg:oci/small@${RESULT}?repository_url=team%2Fsmall`,
          identifiers: { purl: `pkg:oci/small@${RESULT}?repository_url=team%2Fsmall` },
          subcomponents: [{ '@id': 'pkg:npm/gone@1.0.0', identifiers: { purl: 'pkg:npm/gone@1.0.0' } }],
        },
      ],
      status: 'not_affected',
      justification: 'component_not_present',
    },
  ]);
});

it('names the product as a registry does, or as it is told to', async () => {
  const productOf = async (manifest: StoredManifest, products?: string[]) => {
    const { document } = writeVex(manifest, found, { ...OPTIONS, ...(products && { products }) });
    return JSON.parse(document).statements[0].products.map((each: { '@id': string }) => each['@id']);
  };
  const pushed = await manifestOf({
    result: { id: RESULT, repositoryDigests: [`r.example/small@${REGISTRY}`] },
  });
  expect(await productOf(pushed)).toEqual([`pkg:oci/small@${REGISTRY}?repository_url=r.example%2Fsmall`]);
  expect(await productOf(pushed, [`pkg:oci/own@${REGISTRY}`])).toEqual([`pkg:oci/own@${REGISTRY}`]);
});

it('says nothing of any package where a database was not read', async () => {
  const manifest = await manifestOf({ inventoryWarnings: [{ path: '/db', message: 'broken' }] });
  expect(() => writeVex(manifest, found, OPTIONS)).toThrow(
    expect.objectContaining({ code: 'NOTHING_TO_SAY' }),
  );
});

it('refuses to write what says nothing', async () => {
  const manifest = await manifestOf();
  expect(() => writeVex(manifest, { findings: [], passedOver: 2 }, OPTIONS)).toThrow(
    expect.objectContaining({
      code: 'NOTHING_TO_SAY',
      message: 'nothing can be said of the 0 findings (2 more name no package, or were withdrawn)',
    }),
  );
});

it('finds removed what a question about each package finds removed', async () => {
  const manifest = await manifestOf();
  const asked = await Promise.all(
    NAMES.map(async (name) => {
      const purl = `pkg:npm/${name}@1.0.0`;
      const judge = (each: { purl: string }) => (each.purl === purl ? 'affected' : 'unaffected');
      const query = { kind: 'packages', text: purl, names: [name], anyVersion: false, judge } as const;
      return (await answerQuery(query, manifest)).status === 'removed' ? [purl] : [];
    }),
  );
  expect(removedPackages(manifest)).toEqual(new Set(asked.flat()));
});
