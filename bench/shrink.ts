// The whole shrink of the research image, verification included, beside `docker export SOURCE | docker import -`:
// both on one engine, in turn. Only their ratio means something on a shared machine.
//   pnpm bench [--json] [--rounds N]
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { connectTestEngine, ensureImage } from '../test-fixtures/images.ts';
import { exportAndImport } from './export-and-import.ts';
import { median } from './median.ts';
import { runKeepset, type ShrinkRun } from './run-keepset.ts';

const OUT = 'keepset-bench:small';
const { values: flags } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '3' } },
});

/** What the one before left to be written must not be paid for by the next. */
function settle(): void {
  spawnSync('sync');
}

await using engine = await connectTestEngine();
const image = await ensureImage(engine, 'research');
const shrinks: ShrinkRun[] = [];
const imports: number[] = [];
for (let round = 0; round < Number(flags.rounds); round++) {
  // Removed, so that each shrink builds and loads.
  await engine.removeImage(OUT);
  settle();
  shrinks.push(await runKeepset('-t', OUT, image));
  settle();
  imports.push(await exportAndImport(engine, image));
}
await engine.removeImage(OUT);

const last = shrinks.at(-1) as ShrinkRun;
const shrinkSeconds = median(shrinks.map(({ seconds }) => seconds));
const importSeconds = median(imports);
const result = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Docker ${engine.details.version}, Node ${process.version}`,
  sourceBytes: last.report.source.sizeBytes,
  resultBytes: last.report.result.sizeBytes,
  shrinkSeconds,
  exportImportSeconds: importSeconds,
  ratio: shrinkSeconds / importSeconds,
  peakBytes: Math.max(...shrinks.map(({ peakBytes }) => peakBytes)),
  tracedRunSeconds: last.report.run?.seconds,
  stages: last.report.stages,
  rounds: shrinks.length,
};
if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  const rows: [string, string][] = [
    ['machine', result.machine],
    [
      'source → result',
      `${(result.sourceBytes / 1e6).toFixed(0)} MB → ${(result.resultBytes / 1e6).toFixed(1)} MB`,
    ],
    ['whole shrink', `${shrinkSeconds.toFixed(1)} s (verification included; median of ${result.rounds})`],
    ['export | import', `${importSeconds.toFixed(1)} s`],
    ['ratio', result.ratio.toFixed(3)],
    ['peak memory', `${(result.peakBytes / 1e6).toFixed(0)} MB`],
    ...Object.entries(result.stages).map(([stage, seconds]): [string, string] => [
      `  ${stage}`,
      `${seconds.toFixed(1)} s`,
    ]),
  ];
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(18)}${value}\n`);
}
