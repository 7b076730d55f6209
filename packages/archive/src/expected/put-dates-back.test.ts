import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareRuns, type RunOutcome, toContent } from '@keepset/run-comparison';
import { afterAll, expect, it } from 'vitest';
import { type Clock, createClock } from '../dates/clock.js';
import { putDatesBack } from './put-dates-back.js';
import { createRecorder } from './record-samples.js';
import { restoreSample } from './restore-sample.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-dates-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RECORDED = Date.UTC(2026, 10, 30, 22, 10, 5);
const LATER = Date.UTC(2028, 0, 5, 9, 3, 7);
const clockAt = (time: number) => createClock({ from: time, to: time + 2000 });

const LOG = '/tmp/a.log';

/** A run that prints one text, writes another to a file, and is asked one thing. */
const outcome = (stdout: string, log: string, answer = ''): RunOutcome => ({
  exitStatus: 0,
  stdout: toContent(stdout),
  stderr: toContent(''),
  steps: [{ name: 'asked', exitStatus: 0, stdout: toContent(answer), stderr: toContent('') }],
  files: new Map([[LOG, { type: 'file', mode: 0o644, uid: 0, gid: 0, content: toContent(log) }]]),
});

let places = 0;

/** What a replay says of a run, where others were recorded. */
async function replay(recorded: readonly RunOutcome[], result: RunOutcome, clock: Clock = clockAt(LATER)) {
  const recorder = createRecorder({
    folder,
    at: `expected/${++places}`,
    contentBytesMax: 1000,
    clocksOf: () => recorded.map((_, index) => clockAt(RECORDED + index * 1000)),
  });
  const samples = [];
  for (const each of recorded) samples.push(await recorder.record(each));
  const back = await putDatesBack(result, { samples, folder }, clock);
  const restored = samples.map((each) => restoreSample(each, folder));
  const { differences } = await compareRuns(restored, back.outcome);
  return { dated: back.dated, differences: differences.length };
}

it('is the same on another day, wherever the date stands', async () => {
  const recorded = outcome('on 2026-11-30\n', '30 NOV 2026 22:10\n', 'Mon Nov 30 2026');
  const later = outcome('on 2028-01-05\n', '5 JAN 2028 09:03\n', 'Wed Jan 5 2028');
  expect(await replay([recorded], later)).toEqual({
    dated: ['1 field of standard output', '2 fields of standard output of asked', `2 fields of ${LOG}`],
    differences: 0,
  });
  expect(await replay([recorded], recorded)).toEqual({ dated: [], differences: 0 });
});

it('is the same on another day beside what varies by chance', async () => {
  const run = (day: string, seed: number) =>
    outcome(`built on ${day}\n`, `${day} worker ${seed} took 0.${seed} s\nsum 10 on ${day}\n`);
  const samples = [41, 57, 63, 78, 92].map((seed) => run('2026-11-30', seed));
  const same = await replay(samples, run('2028-01-05', 83));
  expect(same).toEqual({ dated: ['1 field of standard output', `2 fields of ${LOG}`], differences: 0 });
  expect((await replay(samples, run('2028-01-06', 83))).differences).toBe(2);
});

it('is no other way the same', async () => {
  const recorded = outcome('on 2026-11-30\n', 'sum 10\n');
  expect((await replay([recorded], outcome('on 2028-01-06\n', 'sum 10\n'))).differences).toBe(1);
  expect(await replay([recorded], outcome('on 2028-01-05\n', 'sum 11\n'))).toEqual({
    dated: ['1 field of standard output'],
    differences: 1,
  });
});

it('takes for a date only what is spelled like one', async () => {
  const recorder = createRecorder({ folder, at: 'expected/number', contentBytesMax: 1000 });
  const recorded = await recorder.record(outcome('accuracy: 0.99\n', ''));
  const dates = [{ at: 10, length: 4, formats: ['%Y-%m-%d'] }];
  const samples = [{ ...recorded, stdout: { ...recorded.stdout, dates } }];
  const result = outcome('accuracy: 2028-01-05\n', '');
  const back = await putDatesBack(result, { samples, folder }, clockAt(LATER));
  expect(back.dated).toEqual([]);
});

it('is the same on another day, also where a log has many dates', async () => {
  const log = (day: string, minute: string) =>
    Array.from({ length: 60 }, (_, index) => `${minute}:${`${index}`.padStart(2, '0')}`)
      .flatMap((time) => [time, time])
      .map((time) => `${day} ${time} start ${time} end ${time}\n`)
      .join('');
  const minuteAt = (time: number) => createClock({ from: time, to: time + 59_000 });
  const recorder = createRecorder({
    folder,
    at: 'expected/log',
    contentBytesMax: 10_000,
    clocksOf: () => [minuteAt(Date.UTC(2026, 10, 30, 12, 0))],
  });
  const samples = [await recorder.record(outcome(log('2026-11-30', '12:00'), ''))];
  expect(samples[0]?.stdout.dates).toHaveLength(480);
  const later = outcome(log('2028-01-05', '09:03'), '');
  const { outcome: back } = await putDatesBack(
    later,
    { samples, folder },
    minuteAt(Date.UTC(2028, 0, 5, 9, 3)),
  );
  expect(back.stdout.sha256).toBe(samples[0]?.stdout.sha256);
  // What is no recorded line is known soon, too.
  const other = outcome(log('2028-01-05', '09:03').replaceAll('end', 'stop'), '');
  const { dated } = await putDatesBack(other, { samples, folder }, minuteAt(Date.UTC(2028, 0, 5, 9, 3)));
  expect(dated).toEqual(['480 fields of standard output']);
});
