import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../record/read-manifest.js';
import { manifestRows, TABLES, type TableRow } from './manifest-rows.js';
import { type TableForm, writeTables } from './write-tables.js';

const folder = mkdtempSync(join(tmpdir(), 'test-tables-'));
afterAll(() => rmSync(folder, { recursive: true }));

const image = { id: 'sha256:1', sizeBytes: 2 ** 40 };
const ofPackage = (name: string, version: string) => ({
  ...{ ecosystem: 'deb', name, version, licenses: [], purl: `pkg:deb/debian/${name}@${version}` },
  database: '/var/lib/dpkg/status',
});
const access = { action: 'open', run: 'main', call: 'openat', line: 1, count: 1 };

/** Of several results that have a library in different versions; the last one has it, and never opened it. */
const archive = ['2.9.4+dfsg-1', '2.9.14', '2.9.12'].map((version, at) => ({
  manifestVersion: 1,
  source: { ...image, reference: `source:${at}` },
  result: { id: `sha256:r${at}`, sizeBytes: at },
  verified: true,
  runs: [{ name: 'main', command: ['sh', '-c', "it's"], exitStatus: 0 }],
  programs: [],
  packages: [ofPackage('libxml2', version), ofPackage('unused', '1')],
  kept: [
    {
      ...{ path: '/usr/lib/libxml2.so.2', type: 'file', sizeBytes: 7, owners: [0], mode: 0o644 },
      reasons: at === 2 ? [{ rule: 'keep' }] : [access],
    },
    { path: '/\\377', type: 'symlink', sizeBytes: 0, linkTarget: '\\n', reasons: [{ rule: 'keep' }] },
  ],
  removed: [{ path: '/unused', type: 'file', sizeBytes: 5, owners: [1] }],
}));

async function* rowsOf(options?: Parameters<typeof manifestRows>[2]): AsyncGenerator<TableRow> {
  for (const at of archive.keys())
    yield* manifestRows(await readManifest(join(folder, `${at}.json`)), `m${at}`, options);
}

let places = 0;
async function write(form: TableForm, options?: Parameters<typeof manifestRows>[2]) {
  const place = join(folder, `out-${places++}`);
  mkdirSync(place);
  return { place, counts: await writeTables(rowsOf(options), place, form) };
}

beforeAll(() => {
  for (const [at, manifest] of archive.entries())
    writeFileSync(join(folder, `${at}.json`), JSON.stringify(manifest));
});

/** Which results used a version of libxml2? */
const question = (packages: string, version: string) =>
  `SELECT manifest FROM ${packages} WHERE name = 'libxml2' AND used_files > 0 AND ${version} ORDER BY 1`;
/** By its numbers: as text, 2.9.4 comes after 2.9.14. */
const BEFORE_2_9_14 = `list_transform(regexp_extract_all(version, '[0-9]+'), lambda x: x::INT) < [2, 9, 14]`;

describe('tables of an archive', () => {
  it('as Parquet are what DuckDB reads', async () => {
    const { place, counts } = await write('parquet');
    expect(counts).toEqual({ results: 3, runs: 3, packages: 6, files: 6 });
    expect(readdirSync(place).sort()).toEqual(
      Object.keys(TABLES)
        .map((name) => `${name}.parquet`)
        .sort(),
    );
    const duck = await (await DuckDBInstance.create()).connect();
    const ask = async (sql: string) => (await duck.runAndReadAll(sql)).getRowsJson();
    const table = (name: string) => `'${join(place, `${name}.parquet`)}'`;
    expect(await ask(question(table('packages'), BEFORE_2_9_14))).toEqual([['m0']]);
    expect(
      await ask(`SELECT source, source_bytes, result, verdict FROM ${table('results')} LIMIT 1`),
    ).toEqual([['source:0', String(2 ** 40), null, 'verified']]);
    expect(await ask(`SELECT name, installed_bytes, kept_bytes FROM ${table('packages')} LIMIT 2`)).toEqual([
      ['libxml2', '7', '7'],
      ['unused', '5', '0'],
    ]);
    expect(await ask(`SELECT command, exit_status, service FROM ${table('runs')} LIMIT 1`)).toEqual([
      [`["sh","-c","it's"]`, '0', false],
    ]);
    duck.closeSync();
  });

  it('as a database of SQLite have the same, and the removed files where they are wanted', async () => {
    const { place, counts } = await write('sqlite', { removed: true });
    expect(counts.files).toBe(9);
    const database = new DatabaseSync(join(place, 'keepset.sqlite'), { readOnly: true });
    expect(database.prepare(question('packages', "version LIKE '2.9.4%'")).all()).toEqual([
      { manifest: 'm0' },
    ]);
    expect(database.prepare('SELECT path, packages FROM files WHERE NOT kept LIMIT 1').get()).toEqual({
      path: '/unused',
      packages: '["unused"]',
    });
    database.close();
  });

  it('as lines of JSON have names, and bytes that are no text in escapes', async () => {
    const { place } = await write('ndjson');
    const lines = readFileSync(join(place, 'files.ndjson'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      ...{ manifest: 'm0', path: '/\\377', link_target: '\\n', kept: true, mode: null },
    });
    expect(lines).toHaveLength(6);
  });

  it.each(['parquet', 'sqlite', 'ndjson'] as const)('of nothing are there as %s, and empty', async (form) => {
    const place = join(folder, `empty-${form}`);
    mkdirSync(place);
    expect(await writeTables([], place, form)).toEqual({ results: 0, runs: 0, packages: 0, files: 0 });
    if (form !== 'parquet') return;
    const duck = await (await DuckDBInstance.create()).connect();
    expect(
      (
        await duck.runAndReadAll(question(`'${join(place, 'packages.parquet')}'`, BEFORE_2_9_14))
      ).getRowsJson(),
    ).toEqual([]);
    duck.closeSync();
  });

  it.each(['parquet', 'sqlite', 'ndjson'] as const)(
    'of more rows than are held at a time are whole as %s',
    async (form) => {
      const place = join(folder, `many-${form}`);
      mkdirSync(place);
      const rows = Array.from(
        { length: 25_000 },
        (_, at): TableRow => ({ table: 'runs', cells: ['m', `${at}`, '[]', at, false] }),
      );
      expect((await writeTables(rows, place, form)).runs).toBe(25_000);
      const duck = await (await DuckDBInstance.create()).connect();
      if (form === 'sqlite') {
        const database = new DatabaseSync(join(place, 'keepset.sqlite'), { readOnly: true });
        expect(database.prepare('SELECT sum(exit_status) AS sum FROM runs').get()).toEqual({
          sum: 312_487_500,
        });
        database.close();
      } else {
        const read = await duck.runAndReadAll(
          `SELECT sum(exit_status) FROM '${join(place, `runs.${form}`)}'`,
        );
        expect(Number(read.getRowsJson()[0]?.[0])).toBe(312_487_500);
      }
      duck.closeSync();
    },
  );
});
