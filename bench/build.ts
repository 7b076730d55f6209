// What a build costs, beside the size of its source: one keep list for each image, built directly, by a Dockerfile that
// removes the rest, and, for comparison, `docker export SOURCE | docker import -`; in turn, all on one engine. Only
// ratios mean something on a shared machine.
//   pnpm bench:build [--json] [--rounds N] [--padding FILES_OF_ONE_MEGABYTE]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Engine } from '@keepset/docker-engine';
import { connectTestEngine, ensureImage } from '../test-fixtures/images.ts';
import { exportAndImport } from './export-and-import.ts';
import { median } from './median.ts';
import { runKeepset, type ShrinkRun } from './run-keepset.ts';

const OUT = 'keepset-bench:built';
const PADDED = 'keepset-bench:padded';
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '3' },
    /** Makes 8 GB of the research image. */
    padding: { type: 'string', default: '5800' },
  },
});
const rounds = Number(flags.rounds);

const WAYS = ['direct', 'dockerfile', 'export | import'] as const;

/** One thing that is measured in each round. */
interface Case {
  readonly image: string;
  readonly way: (typeof WAYS)[number];
  /** The keep list. */
  readonly list: string;
}

interface Row extends Pick<Case, 'image' | 'way'> {
  readonly sourceBytes: number;
  /** Of the stage that builds; medians. */
  readonly buildSeconds: number;
  /** Of the whole command: looking at the source, listing it, and building. */
  readonly wholeSeconds?: number;
  readonly peakBytes?: number;
}

async function prepareCases(engine: Engine, folder: string): Promise<readonly Case[]> {
  const [demo, research] = [await ensureImage(engine, 'demo'), await ensureImage(engine, 'research')];
  const lists = new Map<string, string>();
  for (const [name, image] of Object.entries({ demo, research })) {
    const list = join(folder, `${name}.txt`);
    await runKeepset('--no-verify', '--keep-list', list, '-t', OUT, image);
    lists.set(name, list);
  }
  const pad = `mkdir /padding && for n in $(seq ${flags.padding}); do head -c 1000000 /dev/urandom > /padding/$n; done`;
  const dockerfile = `FROM ${research}\nUSER 0\nRUN ${pad}\nUSER guest\n`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], {
    tag: PADDED,
  });
  const list = lists.get('research') as string;
  return [
    { image: demo, way: 'direct', list: lists.get('demo') as string },
    { image: research, way: 'direct', list },
    { image: PADDED, way: 'direct', list },
    { image: research, way: 'dockerfile', list },
    { image: research, way: 'export | import', list },
  ];
}

/** What the one before left to be written must not be paid for by the next. */
async function settle(engine: Engine): Promise<void> {
  // Removed, so that each run builds.
  await engine.removeImage(OUT);
  spawnSync('sync');
}

async function measureAll(engine: Engine, folder: string): Promise<readonly Row[]> {
  const cases = await prepareCases(engine, folder);
  const runs = cases.map((): ShrinkRun[] => []);
  const imports: number[] = [];
  // In turn: what else the machine does is then shared by all.
  for (let round = 0; round < rounds; round++) {
    for (const [index, { image, way, list }] of cases.entries()) {
      await settle(engine);
      if (way === 'export | import') imports.push(await exportAndImport(engine, image));
      else {
        const options = ['--locked', list, '--no-verify', '--builder', way, '-t', OUT];
        runs[index]?.push(await runKeepset(...options, image));
      }
    }
  }
  const sizes = new Map<string, number>();
  for (const [index, { image }] of cases.entries()) {
    const [first] = runs[index] ?? [];
    if (first !== undefined) sizes.set(image, first.report.source.sizeBytes);
  }
  return cases.map(({ image, way }, index): Row => {
    const own = runs[index] ?? [];
    const sourceBytes = sizes.get(image) ?? Number.NaN;
    if (own.length === 0) return { image, way, sourceBytes, buildSeconds: median(imports) };
    return {
      image,
      way,
      sourceBytes,
      buildSeconds: median(own.map(({ report }) => report.stages.build ?? Number.NaN)),
      wholeSeconds: median(own.map(({ seconds }) => seconds)),
      peakBytes: Math.max(...own.map(({ peakBytes }) => peakBytes)),
    };
  });
}

await using engine = await connectTestEngine();
const folder = mkdtempSync(join(tmpdir(), 'keepset-bench-'));
try {
  const rows = await measureAll(engine, folder);
  if (flags.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
  else print(rows);
} finally {
  for (const name of [OUT, PADDED]) await engine.removeImage(name);
  rmSync(folder, { recursive: true });
}

function print(rows: readonly Row[]): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Docker ${engine.details.version}, Node ${process.version}`;
  process.stdout.write(`${machine}, medians of ${rounds}\n`);
  for (const { sourceBytes, way, buildSeconds, wholeSeconds, peakBytes } of rows) {
    const more =
      wholeSeconds === undefined || peakBytes === undefined
        ? ''
        : `  whole ${wholeSeconds.toFixed(1).padStart(5)} s  peak ${(peakBytes / 1e6).toFixed(0)} MB`;
    const size = `${(sourceBytes / 1e9).toFixed(2)} GB`;
    process.stdout.write(`${size}  ${way.padEnd(15)}  ${buildSeconds.toFixed(1).padStart(5)} s${more}\n`);
  }
  const of = (way: Row['way'], at: number) => rows.filter((row) => row.way === way)[at];
  const [research, padded] = [of('direct', 1), of('direct', 2)];
  const imported = of('export | import', 0);
  if (research === undefined || padded === undefined || imported === undefined) return;
  const ratio = (one: number | undefined, other: number | undefined) =>
    ((one ?? Number.NaN) / (other ?? Number.NaN)).toFixed(3);
  process.stdout.write(
    `direct / export | import  ${ratio(research.buildSeconds, imported.buildSeconds)}\n` +
      `padded / not: build       ${ratio(padded.buildSeconds, research.buildSeconds)}\n` +
      `padded / not: whole       ${ratio(padded.wholeSeconds, research.wholeSeconds)}\n`,
  );
}
