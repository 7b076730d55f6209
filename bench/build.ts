// One keep list, built out of images of different sizes: the cost of a build must follow what is kept.
//   pnpm bench:build [--json]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectTestEngine, ensureImage } from '../test-fixtures/images.ts';
import { exportAndImport } from './export-and-import.ts';
import { runKeepset } from './run-keepset.ts';

const OUT = 'keepset-bench:built';
const ROUNDS = 3;
/** Unused files beside the source's own, of one megabyte each. */
const PADDING_FILES = [0, 6000];
const { values: flags } = parseArgs({ options: { json: { type: 'boolean' } } });

await using engine = await connectTestEngine();
const source = await ensureImage(engine, 'research');
const folder = mkdtempSync(join(tmpdir(), 'keepset-bench-'));
const list = join(folder, 'keep.txt');
await runKeepset('--no-verify', '--keep-list', list, '-t', OUT, source);

const rows = [];
for (const files of PADDING_FILES) {
  const tag = `keepset-bench:padded-${files}`;
  const pad = `mkdir /padding && for n in $(seq ${files}); do head -c 1000000 /dev/urandom > /padding/$n; done`;
  const dockerfile = `FROM ${source}\nUSER 0\nRUN ${pad}\nUSER guest\n`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], { tag });
  const runs = [];
  for (let round = 0; round < ROUNDS; round++) {
    await engine.removeImage(OUT);
    spawnSync('sync');
    runs.push(await runKeepset('--locked', list, '--no-verify', '-t', OUT, tag));
  }
  await engine.removeImage(OUT);
  spawnSync('sync');
  const exportImportSeconds = files === 0 ? await exportAndImport(engine, tag) : undefined;
  await engine.removeImage(tag);
  const [first] = runs;
  rows.push({
    sourceBytes: first?.report.source.sizeBytes ?? Number.NaN,
    buildSeconds: runs.map(({ report }) => report.stages.build ?? Number.NaN).sort()[
      Math.floor(ROUNDS / 2)
    ] as number,
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
    exportImportSeconds,
  });
}
rmSync(folder, { recursive: true });
if (flags.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
else
  for (const { sourceBytes, buildSeconds, exportImportSeconds, peakBytes } of rows) {
    const beside =
      exportImportSeconds === undefined
        ? ''
        : `, export | import ${exportImportSeconds.toFixed(1)} s, ratio ${(buildSeconds / exportImportSeconds).toFixed(3)}`;
    process.stdout.write(
      `source ${(sourceBytes / 1e9).toFixed(2)} GB: build ${buildSeconds.toFixed(2)} s, peak memory ${(peakBytes / 1e6).toFixed(0)} MB${beside}\n`,
    );
  }
