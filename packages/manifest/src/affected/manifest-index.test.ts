import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseQuery } from '@keepset/inventory';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { readManifest } from '../record/read-manifest.js';
import { answerQuery } from './affected.js';
import { type ManifestIndex, openManifestIndex } from './manifest-index.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-index-'));
afterAll(() => rmSync(folder, { recursive: true }));
const INDEX = join(folder, 'index.sqlite');
beforeEach(() => rmSync(INDEX, { force: true }));

const ODD = '/odd\\377 \\n\\\\é';
const OPENED = (run: string) => ({ run, action: 'open', call: 'openat', line: 1, count: 1 });
const SUM = 'ab'.repeat(32);

/** Manifests that differ in what became of a package, with every kind of entry. */
function manifestText(version: string, fate: 'used' | 'present' | 'removed', extra: object = {}): string {
  const file = { path: '/usr/lib/libone.so.1.2', type: 'file', sizeBytes: 1, owners: [0, 1] };
  const reasons = fate === 'used' ? [OPENED('b'), OPENED('a')] : [{ rule: 'keep', from: '/usr' }];
  return JSON.stringify({
    manifestVersion: 1,
    source: { id: 'x' },
    result: { id: 'y' },
    runs: [],
    programs: [],
    kept: [
      { path: '/lib', type: 'symlink', sizeBytes: 0, linkTarget: 'usr/lib', reasons: [{ rule: 'link' }] },
      { path: '/usr', type: 'directory', sizeBytes: 0, reasons: [{ rule: 'parent' }] },
      { path: '/usr/lib', type: 'directory', sizeBytes: 0, reasons: [{ rule: 'parent' }] },
      {
        path: '/usr/lib/libone.so.1',
        type: 'symlink',
        sizeBytes: 0,
        linkTarget: 'libone.so.1.2',
        reasons: [{ rule: 'link' }],
      },
      { path: '/opt/vendored-1/copy', type: 'file', sizeBytes: 1, reasons: [OPENED('a')], sha256: SUM },
      {
        path: ODD,
        type: 'file',
        sizeBytes: 1,
        stub: true,
        sourceSizeBytes: 3,
        reasons: [{ rule: 'interpreter' }],
      },
      ...(fate === 'removed' ? [] : [{ ...file, reasons }]),
    ],
    removed: [...(fate === 'removed' ? [file] : []), { path: '/gone', type: 'fifo', sizeBytes: 0 }],
    system: { id: 'debian', versionId: '12' },
    packages: ['one', 'two', 'vendored'].map((name) => ({
      ecosystem: 'deb',
      name,
      version,
      licenses: ['MIT'],
      purl: `pkg:deb/debian/${name}@${version}`,
      database: '/db',
    })),
    ...extra,
  });
}

const FATES = ['used', 'present', 'removed'] as const;
const TEXTS = [
  ...FATES.flatMap((fate) => ['1.0-1', '2.0-1'].map((version) => manifestText(version, fate))),
  manifestText('1.0-1', 'removed', { inventoryWarnings: [{ path: '/db', message: 'broken' }] }),
];

function write(texts: readonly string[]): readonly string[] {
  return texts.map((text, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, text);
    return file;
  });
}

async function open(): Promise<ManifestIndex> {
  const index = await openManifestIndex(INDEX);
  if (index === undefined) throw new Error('this Node has no SQLite');
  return index;
}

const QUERIES = [
  ...['one', 'deb:two', 'vendored', 'absent', 'pkg:deb/debian/one@<1.5', 'pkg:deb/debian/one@1.0-1|2.0-1'],
  ...['/lib/libone.so.1', '/usr/lib', '/usr/../lib/libone.so.1.2', '/', '/gone', '/none', ODD, '/opt/'],
  ...['libone.so.1', 'libone.so', 'libnone.so.3', SUM, '0'.repeat(64)],
].map((text) => parseQuery(text, []));

it('answers as each manifest does', async () => {
  const files = write(TEXTS);
  using index = await open();
  expect(await index.refresh(files)).toEqual([]);
  const manifests = await Promise.all(files.map((file) => readManifest(file)));
  for (const query of QUERIES) {
    const answers = await Promise.all(manifests.map((manifest) => answerQuery(query, manifest)));
    expect(await Array.fromAsync(index.answer([query]))).toEqual(
      answers.map((answer, place) => ({
        manifest: files[place],
        ...answer,
        packages: answer.packages.map((each) => ({
          ...each,
          // What an answer does not tell is not in an index.
          package: { ...each.package, licenses: [], database: '/' },
        })),
      })),
    );
  }
});

it('takes in what is new or has changed, and forgets what is gone', async () => {
  const [first = '', second = '', ...files] = write(TEXTS);
  const [query] = QUERIES;
  if (query === undefined) throw new Error();
  const statuses = async (index: ManifestIndex) =>
    (await Array.fromAsync(index.answer([query]))).map(({ manifest, status }) => [manifest, status]);
  {
    using index = await open();
    await index.refresh([first, ...files]);
    const told: number[] = [];
    expect(await index.refresh([first, second, ...files], (_, total) => told.push(total))).toEqual([]);
    expect(told).toEqual([1]);
  }
  writeFileSync(first, `${TEXTS.at(-1)} `);
  using index = await open();
  await index.refresh([first, second]);
  expect(await statuses(index)).toEqual([
    [first, 'unknown'],
    [second, 'used'],
  ]);
});

it('names what it cannot take in, and takes it in once it is mended', async () => {
  const [good = '', broken = '', older = ''] = write([
    TEXTS[0] ?? '',
    '{',
    JSON.stringify({ ...JSON.parse(TEXTS[0] ?? ''), packages: undefined }),
  ]);
  using index = await open();
  expect(await index.refresh([good, broken, older])).toEqual([broken, older]);
  writeFileSync(broken, TEXTS[1] ?? '');
  expect(await index.refresh([good, broken, older])).toEqual([older]);
});

it('takes in as many as are read in threads, each under its own name', async () => {
  const files = write(
    Array.from({ length: 120 }, (_, number) => (number % 7 === 0 ? '{' : manifestText(`${number}`, 'used'))),
  );
  using index = await open();
  expect(await index.refresh(files)).toEqual(files.filter((_, number) => number % 7 === 0));
  const [query] = QUERIES;
  const answers = await Array.fromAsync(index.answer(query === undefined ? [] : [query]));
  expect(answers.map(({ manifest, packages }) => [manifest, packages[0]?.package.version]).sort()).toEqual(
    files.flatMap((file, number) => (number % 7 === 0 ? [] : [[file, `${number}`]])).sort(),
  );
});

it.each([
  ['is no database', 'not a database, but longer than a header of one would be: '.repeat(4)],
  ['is empty', ''],
])('is made anew where its file %s', async (_, text) => {
  writeFileSync(INDEX, text);
  using index = await open();
  expect(await index.refresh(write(TEXTS.slice(0, 1)))).toEqual([]);
});

it('is none where its file cannot be made', async () => {
  expect(await openManifestIndex('/no/such/folder/index.sqlite')).toBeUndefined();
});
