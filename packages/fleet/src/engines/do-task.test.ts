import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { FleetRecord } from '../record/fleet-record.js';
import { planTasks, type Task } from '../tasks/plan-tasks.js';
import { doTask, type Worker } from './do-task.js';

const folder = mkdtempSync(join(tmpdir(), 'test-do-task-'));
afterAll(() => rmSync(folder, { recursive: true }));

let record: FleetRecord;
let worker: Worker;
let controller: AbortController;
let folders = 0;
beforeEach(() => {
  const own = join(folder, String(folders++));
  record = new FleetRecord(join(own, 'record'));
  controller = new AbortController();
  const { signal } = controller;
  worker = {
    program: ['sh', '-c'],
    environment: process.env,
    workingDirectory: folder,
    signal,
    owner: 'me',
    machine: 'm',
  };
});

const RESULT = JSON.stringify({
  ...{ id: 'r', verdict: 'verified', warnings: [] },
  ...{ source: { id: 's', sizeBytes: 2 }, result: { sizeBytes: 1 } },
});

/** Each run of it adds a line to a file. */
function taskOf(script: string): Task {
  const [task] = planTasks(
    [
      {
        ...{ name: 'a', image: 'i', inputs: {}, results: [], folders: ['made/here'], manifest: undefined },
        command: [`echo x >>${record.folder}.runs; ${script}`],
      },
    ],
    { digests: new Map(), version: '1.0.0' },
  );
  return task as Task;
}
const runsOf = () => readFileSync(`${record.folder}.runs`, 'utf8').length / 2;
const round = { number: 1, again: false };

it('runs the command where the fleet is, and writes down how it ended and what it said', async () => {
  const task = taskOf(`pwd >&2; echo '${RESULT}'`);
  const outcome = await doTask(record, task, round, worker);
  expect(outcome).toMatchObject({ state: 'done', result: { sizeBytes: 1 }, machine: 'm', round: 1 });
  expect(await record.outcome(task.key)).toEqual(outcome);
  expect(readFileSync(await record.logFile(task.key), 'utf8')).toBe(`${folder}\n`);
  expect(existsSync(join(folder, 'made/here'))).toBe(true);
  expect(record.work().files.size).toBe(0);
});

it('keeps the result of a task whose log cannot be written', async () => {
  const task = taskOf(`echo said >&2; echo '${RESULT}'`);
  mkdirSync(await record.logFile(task.key));
  expect((await doTask(record, task, round, worker))?.state).toBe('done');
});

it('does what is done only where it is wanted again, and then once', async () => {
  const task = taskOf(`echo '${RESULT}'`);
  for (const each of [
    round,
    round,
    { number: 2, again: false },
    { number: 3, again: true },
    { number: 3, again: true },
  ])
    expect((await doTask(record, task, each, worker))?.state).toBe('done');
  expect(runsOf()).toBe(2);
});

it('does again what failed', async () => {
  const task = taskOf('exit 1');
  await doTask(record, task, round, worker);
  await doTask(record, task, round, worker);
  expect(runsOf()).toBe(2);
});

it('two at once do no harm', async () => {
  const task = taskOf(`sleep 0.1; echo '${RESULT}'`);
  const all = await Promise.all(
    ['one', 'two'].map((owner) => doTask(record, task, round, { ...worker, owner })),
  );
  expect(all.map((outcome) => outcome?.state)).toEqual(['done', 'done']);
  expect(record.outcomes().unreadable).toEqual([]);
  expect(record.work().files.size).toBe(0);
});

it('passes a signal on, and is then as if nothing had been begun', async () => {
  const task = taskOf('trap "echo gone >&2; exit 5" TERM; echo begun >&2; while :; do sleep 0.05; done');
  const doing = doTask(record, task, round, worker);
  const log = await record.logFile(task.key);
  while (!existsSync(log) || !readFileSync(log, 'utf8').includes('begun')) await delay(20);
  expect(record.work().files.get(task.key)).toMatchObject({ owner: 'me', round: 1 });
  controller.abort('SIGTERM');
  expect(await doing).toBeUndefined();
  expect(readFileSync(log, 'utf8')).toContain('gone');
  expect(await record.outcome(task.key)).toBeUndefined();
  expect(record.work().files.size).toBe(0);
});
