import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OsvRecord, parseQuery } from '@keepset/inventory';
import { afterAll, describe, expect, it } from 'vitest';
import { readManifest, type StoredManifest } from '../record/read-manifest.js';
import { answerQuery } from './affected.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-affected-'));
afterAll(() => rmSync(folder, { recursive: true }));

const OPENED = [{ run: 'main', action: 'open', call: 'openat', line: 1, count: 1 }];
const SEEN = [{ run: 'main', action: 'stat', call: 'stat', line: 1, count: 1 }];

/** A manifest with four packages of one ecosystem: one for each fate, and one with an odd version. */
async function manifestOf(
  ecosystem: string,
  odd: string,
  extra: { packages?: undefined; inventoryWarnings?: object[]; kept?: object[] } = {},
): Promise<StoredManifest> {
  const names = ['used', 'present', 'removed', 'odd'];
  const kept = [
    {
      path: '/lib/libused.so.1',
      type: 'symlink',
      linkTarget: 'libused.so.1.2',
      owners: [0],
      reasons: [{ rule: 'link' }],
    },
    { path: '/lib/libused.so.1.2', type: 'file', owners: [0], reasons: OPENED },
    { path: '/lib/present', type: 'file', owners: [1], reasons: SEEN },
    { path: '/lib/odd', type: 'file', owners: [3], reasons: OPENED },
    { path: '/opt/libvendored-2.so', type: 'file', reasons: OPENED },
    { path: '/usr', type: 'directory', reasons: [{ rule: 'skeleton' }] },
  ];
  const removed = [
    { path: '/lib/removed', type: 'file', owners: [2] },
    { path: '/usr/share', type: 'directory' },
    { path: '/usr/share/more', type: 'file', owners: [1] },
  ];
  const text = {
    manifestVersion: 1,
    source: { id: 'x' },
    result: { id: 'y' },
    runs: [],
    programs: [],
    kept: kept.map((entry) => ({ sizeBytes: 1, ...entry })),
    removed: removed.map((entry) => ({ sizeBytes: 1, ...entry })),
    system: { id: 'debian', versionId: '12' },
    packages: names.map((name) => ({
      ecosystem,
      name,
      version: name === 'odd' ? odd : '1.2.3',
      licenses: [],
      purl: `pkg:generic/${name}`,
      database: '/db',
    })),
    ...extra,
  };
  const file = join(folder, 'manifest.json');
  writeFileSync(file, JSON.stringify(text));
  return await readManifest(file);
}

it('a content is found where a kept file has it; of a manifest without hashes nothing can be told', async () => {
  const [one, other] = ['a'.repeat(64), 'b'.repeat(64)];
  const extra = {
    kept: [
      { path: '/used', type: 'file', sizeBytes: 1, sha256: one, reasons: OPENED },
      { path: '/seen', type: 'file', sizeBytes: 1, sha256: other, reasons: SEEN },
    ],
  };
  const manifest = await manifestOf('deb', '', extra);
  const ask = async (text: string, of: StoredManifest) =>
    (await answerQuery(parseQuery(text, []), of)).status;
  expect(await ask(`sha256:${one}`, manifest)).toBe('used');
  expect(await ask(other.toUpperCase(), manifest)).toBe('present');
  expect(await ask('c'.repeat(64), manifest)).toBe('unaffected');
  expect(await ask(one, await manifestOf('deb', ''))).toBe('unknown');
});

describe.each([
  ['deb', 'pkg:deb/debian/', 'Debian:12', 'odd_version'],
  ['apk', 'pkg:apk/', 'Alpine', '1~odd'],
  ['rpm', 'pkg:rpm/', 'Rocky Linux', ''],
  ['pypi', 'pkg:pypi/', 'PyPI', 'odd'],
  ['npm', 'pkg:npm/', 'npm', 'odd'],
  ['r', 'pkg:cran/', 'CRAN', 'odd'],
] as const)('%s', (ecosystem, purl, osvEcosystem, odd) => {
  const record = (name: string, fixed: string): OsvRecord => ({
    id: `CVE-2024-${fixed.replaceAll('.', '')}`,
    affected: [
      {
        package: { ecosystem: osvEcosystem, name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  });
  // rpm orders any two texts, and the manifest is one of Debian's.
  const isComparable = ecosystem === 'rpm';

  it.each([
    ['used', 'used'],
    ['present', 'present'],
    ['removed', 'removed'],
    ['odd', isComparable ? 'used' : 'unknown'],
    ['vendored', 'unknown'],
    ['other', 'unaffected'],
  ])('the package %s is %s', async (name, status) => {
    const manifest = await manifestOf(ecosystem, odd);
    const answer = await answerQuery(parseQuery(`${purl}${name}@<2.0.0`, []), manifest);
    expect(answer.status).toBe(status);
    expect(answer.packages.map((each) => each.package.name)).toEqual(
      ['vendored', 'other'].includes(name) ? [] : [name],
    );
    const older = await answerQuery(parseQuery(`${purl}${name}@<1.0.0`, []), manifest);
    const isOlder = ['used', 'present', 'removed', 'other'].includes(name);
    if (isOlder) expect(older.status).toBe('unaffected');
  });

  it('an advisory that is fixed in a later version, and one fixed before', async () => {
    if (ecosystem === 'apk' || ecosystem === 'rpm') return;
    const manifest = await manifestOf(ecosystem, odd);
    const records = [record('used', '1.2.4'), record('used', '1.2.3')];
    expect((await answerQuery(parseQuery('CVE-2024-124', records), manifest)).status).toBe('used');
    expect((await answerQuery(parseQuery('CVE-2024-123', records), manifest)).status).toBe('unaffected');
  });
});

describe('files', () => {
  it.each<[query: string, status: string, files: string[]]>([
    ['libused.so.1', 'used', ['/lib/libused.so.1.2']],
    ['libother.so.1', 'unaffected', []],
    ['/lib/libused.so.1', 'used', ['/lib/libused.so.1.2']],
    ['/lib/../lib/present', 'present', ['/lib/present']],
    ['/usr/share/more', 'removed', []],
    ['/usr', 'removed', []],
    ['/nowhere', 'unaffected', []],
  ])('%s: %s', async (text, status, files) => {
    const entries = await manifestOf('deb', '1');
    const tree = new Map(entries.entries).set('/lib', {
      type: 'directory',
      sizeBytes: 0,
      isKept: true,
      isStub: false,
      uid: 0,
      gid: 0,
      owners: [],
    });
    const links = async (paths: readonly string[]) => {
      const answers = await entries.readLinks(paths);
      return answers.map((answer, index) =>
        ['/', '/lib'].includes(paths[index] ?? '') ? ({ kind: 'directory' } as const) : answer,
      );
    };
    const answer = await answerQuery(parseQuery(text, []), { ...entries, entries: tree, readLinks: links });
    expect({ status: answer.status, files: answer.files.map(({ path }) => path) }).toEqual({ status, files });
  });
});

it('names the runs that used it', async () => {
  const { files } = await answerQuery(parseQuery('used', []), await manifestOf('deb', '1'));
  expect(files).toEqual([{ path: '/lib/libused.so.1.2', runs: ['main'] }]);
});

it('does not know where a database was not read', async () => {
  const manifest = await manifestOf('deb', '1', { inventoryWarnings: [{ path: '/db', message: 'broken' }] });
  expect((await answerQuery(parseQuery('other', []), manifest)).status).toBe('unknown');
});

it('cannot tell of packages from an older manifest, but of files', async () => {
  const manifest = await manifestOf('deb', '1', { packages: undefined });
  await expect(answerQuery(parseQuery('used', []), manifest)).rejects.toThrow(/older keepset/);
  expect((await answerQuery(parseQuery('libused.so.1', []), manifest)).status).toBe('used');
});
