/**
 * `pnpm bench [LOG]`: times questions beside reading the log's events, each in a process of its own, three times in
 * turn. Without LOG it records the one of the parser's bench.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { benchmarkLog } from '../../strace-parser/bench/record-log.ts';

const ROUNDS = 3;
const QUESTIONS = ['events', 'events with argument trees', 'files', 'times'];

const log = process.argv[2] ?? (await benchmarkLog());
const bytes = statSync(log).size;
const best = new Map<string, { seconds: number; peakBytes: number; sample: string }>();
for (let round = 0; round < ROUNDS; round++) {
  for (const question of QUESTIONS) {
    const one = fileURLToPath(new URL('one.js', import.meta.url));
    const run = spawnSync(process.execPath, [one, question, log], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${question}: ${run.stderr}`);
    const found: { seconds: number; peakBytes: number; sample: string } = JSON.parse(run.stdout);
    const before = best.get(question);
    if (before === undefined || found.seconds < before.seconds) best.set(question, found);
  }
}
const events = best.get('events with argument trees')?.seconds ?? Number.NaN;
process.stdout.write('| question | MB/s | of reading events | peak MB |\n| --- | ---: | ---: | ---: |\n');
for (const [question, { seconds, peakBytes }] of best) {
  const row = [bytes / 1e6 / seconds, seconds / events, peakBytes / 1e6].map((value, i) =>
    value.toFixed(i === 1 ? 2 : 0),
  );
  process.stdout.write(`| ${question} | ${row.join(' | ')} |\n`);
}
process.stdout.write('\n');
for (const [question, { sample }] of best) process.stdout.write(`${question}: ${sample.slice(0, 160)}\n`);
