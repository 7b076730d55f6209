/**
 * `pnpm bench [--json] [LOG]`: times the parser beside what bounds it, all on one log in one run. Without LOG it
 * records one. Every reader runs in a process of its own, three times in turn; the fastest counts.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchmarkLog } from './record-log.ts';

interface Measured {
  readonly reader: string;
  readonly seconds: number;
  readonly megabytesPerSecond: number;
  readonly linesPerSecond: number;
  readonly ofQuoteLoop: number;
  readonly peakMegabytes: number | undefined;
  readonly sample: string;
}

const ROUNDS = 3;
const READERS = [
  'line ends',
  'quote loop',
  'one regular expression a line',
  'accesses, in batches',
  'accesses, one by one',
  'events with argument trees',
];

const args = process.argv.slice(2);
const log = args.find((arg) => !arg.startsWith('--')) ?? (await benchmarkLog());
const bytes = statSync(log).size;
// The first reading fills the page cache.
const lines = Number(execFileSync('wc', ['-l', log], { encoding: 'utf8' }).split(' ')[0]);

const best = new Map<string, { seconds: number; peakBytes: number; sample: string }>();
let wcSeconds = Number.POSITIVE_INFINITY;
for (let round = 0; round < ROUNDS; round++) {
  const start = performance.now();
  execFileSync('wc', ['-l', log]);
  wcSeconds = Math.min(wcSeconds, (performance.now() - start) / 1000);
  for (const reader of READERS) {
    const run = spawnSync(
      process.execPath,
      [fileURLToPath(new URL('one.js', import.meta.url)), reader, log],
      {
        encoding: 'utf8',
      },
    );
    if (run.status !== 0) throw new Error(`${reader}: ${run.stderr}`);
    const { seconds, peakBytes, sample } = JSON.parse(run.stdout);
    const before = best.get(reader);
    best.set(reader, {
      seconds: Math.min(seconds, before?.seconds ?? seconds),
      peakBytes: Math.max(peakBytes, before?.peakBytes ?? 0),
      sample,
    });
  }
}

const quoteLoop = best.get('quote loop')?.seconds ?? Number.NaN;
const measure = (
  reader: string,
  seconds: number,
  peakBytes: number | undefined,
  sample: string,
): Measured => ({
  reader,
  seconds,
  megabytesPerSecond: bytes / 1e6 / seconds,
  linesPerSecond: lines / seconds,
  ofQuoteLoop: quoteLoop / seconds,
  peakMegabytes: peakBytes === undefined ? undefined : peakBytes / 1e6,
  sample,
});
const results = [
  measure('wc -l', wcSeconds, undefined, `${lines} lines`),
  ...[...best].map(([reader, { seconds, peakBytes, sample }]) => measure(reader, seconds, peakBytes, sample)),
];
const machine = {
  processor: cpus()[0]?.model.trim(),
  cores: cpus().length,
  kernel: release(),
  node: process.version,
  strace: execFileSync('strace', ['--version'], { encoding: 'utf8' }).split('\n')[0],
  date: new Date().toISOString().slice(0, 10),
};

if (args.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ machine, log: { bytes, lines }, results }, undefined, 2)}\n`);
} else {
  process.stdout.write(
    `${Object.values(machine).join(', ')}; ${(bytes / 1e6).toFixed(0)} MB, ${lines} lines\n\n`,
  );
  process.stdout.write(
    '| reader | MB/s | million lines/s | of the quote loop | peak MB |\n| --- | ---: | ---: | ---: | ---: |\n',
  );
  for (const { reader, megabytesPerSecond, linesPerSecond, ofQuoteLoop, peakMegabytes } of results) {
    process.stdout.write(
      `| ${reader} | ${megabytesPerSecond.toFixed(0)} | ${(linesPerSecond / 1e6).toFixed(2)} | ` +
        `${ofQuoteLoop.toFixed(2)} | ${peakMegabytes?.toFixed(0) ?? ''} |\n`,
    );
  }
  process.stdout.write('\n');
  for (const { reader, sample } of results) process.stdout.write(`${reader}: ${sample.slice(0, 160)}\n`);
}
