// What keepset costs as manifests, tables of them, and images grow: makes them, runs each command once, and prints time,
// peak memory and how both grow with the size. Only ratios of one run mean something on a shared machine.
//   pnpm bench:scale [--json] [--paths N,…] [--manifests N] [--exports N,…] [--entries N,…] [--gigabytes N,…]
// Its defaults want 24 GB of the engine's disk and half an hour; 0 leaves a part out.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Engine } from '@keepset/docker-engine';
import { TABLE_FORMS } from '@keepset/manifest';
import { connectTestEngine } from '../test-fixtures/images.ts';
import { type Cost, measureKeepset } from './measure-keepset.ts';
import { runKeepset } from './run-keepset.ts';
import { buildLargeImage, type LargeImage } from './scale/large-image.ts';
import { LIBRARY_VERSIONS, writeLargeManifest } from './scale/large-manifest.ts';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean' },
    paths: { type: 'string', default: '10000,100000,600000,1000000' },
    manifests: { type: 'string', default: '2000' },
    exports: { type: 'string', default: '1000,10000' },
    entries: { type: 'string', default: '10000,1000000' },
    gigabytes: { type: 'string', default: '1,20' },
  },
});
const PATHS_PER_MANIFEST = 5000;
const PATHS_PER_EXPORTED = 500;
const COMMAND = ['cat', '/etc/debian_version'];
const OUT = 'keepset-scale:small';

interface Row extends Cost {
  readonly what: string;
  /** Paths, manifests, entries or gigabytes. */
  readonly size: number;
  /** Of a shrink: two plain runs of the command, and the seconds of its stages together. */
  readonly plainSeconds?: number;
  readonly stageSeconds?: number;
}

const sizesOf = (text: string) =>
  text
    .split(',')
    .map(Number)
    .filter((size) => size > 0);

async function* manifestRows(folder: string, paths: number): AsyncGenerator<Row> {
  const [file, other] = [join(folder, `${paths}.json`), join(folder, `${paths}-other.json`)];
  await writeLargeManifest(file, { paths });
  await writeLargeManifest(other, { paths, number: 1 });
  const removed = '/srv/folder-000050/file-00005050.txt';
  const commands: Readonly<Record<string, readonly string[]>> = {
    ls: [file],
    'ls --removed': [file],
    'ls --removed --by dir': [file],
    'ls --removed --json': [file],
    why: ['--manifest', file, removed],
    affected: ['--in', file, 'package-1'],
    'diff A B': [file, other],
    'diff A': [file],
    report: ['-o', join(folder, 'report.html'), file],
  };
  for (const [what, operands] of Object.entries(commands)) {
    const words = what.split(' ').filter((word) => !/^[AB]$/.test(word));
    yield { what, size: paths, ...(await measureKeepset([...words, ...operands])) };
  }
  for (const each of [file, other]) rmSync(each);
}

async function* archiveRows(folder: string, manifests: number): AsyncGenerator<Row> {
  for (let number = 0; number < manifests; number++)
    await writeLargeManifest(join(folder, `archive-${number}.json`), { paths: PATHS_PER_MANIFEST, number });
  const ask = () => measureKeepset(['affected', '--in', folder, 'package-1']);
  yield { what: `index, ${PATHS_PER_MANIFEST} paths each`, size: manifests, ...(await ask()) };
  yield { what: 'ask the index', size: manifests, ...(await ask()) };
}

/** Which results used libxml2 before 2.9.14, by the numbers of its version. */
const QUESTION = (table: string) => `SELECT manifest FROM ${table} WHERE name = 'libxml2' AND used_files > 0
  AND list_transform(regexp_extract_all(version, '[0-9]+'), lambda x: x::INT) < [2, 9, 14]`;

/** Tables of many manifests, and a question that DuckDB answers from them. */
async function* exportRows(folder: string, manifests: number): AsyncGenerator<Row> {
  const place = join(folder, `exported-${manifests}`);
  mkdirSync(place);
  for (let number = 0; number < manifests; number++)
    await writeLargeManifest(join(place, `m-${number}.json`), { paths: PATHS_PER_EXPORTED, number });
  for (const form of TABLE_FORMS) {
    const tables = join(folder, `tables-${manifests}-${form}`);
    const cost = await measureKeepset(['export', '-q', '--format', form, '--in', place, '-o', tables]);
    yield { what: `export, ${form}`, size: manifests, ...cost };
    if (form === 'sqlite') continue;
    const start = performance.now();
    const duck = await (await DuckDBInstance.create()).connect();
    const answers = await duck.runAndReadAll(QUESTION(`'${join(tables, `packages.${form}`)}'`));
    duck.closeSync();
    const seconds = (performance.now() - start) / 1000;
    const expected = (manifests / LIBRARY_VERSIONS) * 14;
    if (answers.currentRowCount !== expected)
      throw new Error(`${answers.currentRowCount} answers, not ${expected}`);
    yield { what: `ask DuckDB, ${form}`, size: manifests, seconds, peakBytes: 0 };
  }
  rmSync(place, { recursive: true });
}

async function plainSeconds(engine: Engine, image: string): Promise<number> {
  const start = performance.now();
  await using container = await engine.createContainer({ Image: image, Cmd: [...COMMAND] }, 'bench');
  await container.start();
  await container.wait();
  return (performance.now() - start) / 1000;
}

async function* imageRows(engine: Engine, image: LargeImage): AsyncGenerator<Row> {
  const name = await buildLargeImage(engine, image);
  try {
    const plain = (await plainSeconds(engine, name)) + (await plainSeconds(engine, name));
    const { report, ...cost } = await runKeepset('-t', OUT, name, ...COMMAND);
    const stageSeconds = Object.values(report.stages).reduce((sum, seconds) => sum + seconds, 0);
    const [what, size] =
      'entries' in image ? ['shrink, entries', image.entries] : ['shrink, GB', image.gigabytes];
    yield { what, size, ...cost, plainSeconds: plain, stageSeconds };
  } finally {
    for (const each of [OUT, name]) await engine.removeImage(each);
  }
}

async function* allRows(folder: string): AsyncGenerator<Row> {
  for (const paths of sizesOf(flags.paths)) yield* manifestRows(folder, paths);
  for (const manifests of sizesOf(flags.manifests)) yield* archiveRows(folder, manifests);
  for (const manifests of sizesOf(flags.exports)) yield* exportRows(folder, manifests);
  const images = [
    ...sizesOf(flags.entries).map((entries) => ({ entries })),
    ...sizesOf(flags.gigabytes).map((gigabytes) => ({ gigabytes })),
  ];
  if (images.length === 0) return;
  await using engine = await connectTestEngine();
  for (const image of images) yield* imageRows(engine, image);
}

function toLine({ what, size, seconds, peakBytes, plainSeconds: plain, stageSeconds }: Row): string {
  const cells = [
    size.toLocaleString('en').padStart(9),
    what.padEnd(24),
    `${seconds.toFixed(1).padStart(6)} s`,
    `${(peakBytes / 1e6).toFixed(0).padStart(4)} MB`,
  ];
  if (plain !== undefined && stageSeconds !== undefined)
    cells.push(`two plain runs ${plain.toFixed(1)} s, stages ${stageSeconds.toFixed(1)} s`);
  return cells.join('  ');
}

/** From the smallest to the largest: of what is linear, the time grows at most as the size does. */
function growthLines(rows: readonly Row[]): readonly string[] {
  return [...Map.groupBy(rows, ({ what }) => what)].flatMap(([what, own]) => {
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined || first === last) return [];
    const ratio = (of: (row: Row) => number) => `× ${(of(last) / of(first)).toFixed(1)}`;
    return `${what.padEnd(24)}  size ${ratio(({ size }) => size)}: time ${ratio(({ seconds }) => seconds)}, memory ${ratio(({ peakBytes }) => peakBytes)}`;
  });
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'keepset-scale-'));
try {
  const rows: Row[] = [];
  if (!flags.json) say(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`);
  for await (const row of allRows(folder)) {
    rows.push(row);
    if (!flags.json) say(toLine(row));
  }
  if (flags.json) say(JSON.stringify(rows));
  else for (const line of growthLines(rows)) say(line);
} finally {
  rmSync(folder, { recursive: true });
}
