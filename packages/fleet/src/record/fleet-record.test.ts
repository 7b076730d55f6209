import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { planTasks } from '../tasks/plan-tasks.js';
import { FleetRecord, readTask } from './fleet-record.js';
import type { Outcome } from './outcome.js';

const folder = mkdtempSync(join(tmpdir(), 'test-fleet-record-'));
afterAll(() => rmSync(folder, { recursive: true }));

let record: FleetRecord;
let records = 0;
beforeEach(() => {
  record = new FleetRecord(join(folder, String(records++)));
});

const tasks = planTasks(
  ['one', 'two', 'three'].map((name) => ({
    ...{ name, image: 'debian:12', command: ['shrink', '-t', `${name}:small`, 'debian:12'] },
    ...{ inputs: { 'keepset.yaml': 'sha256:1' }, results: [name], folders: ['manifests'] },
    manifest: `manifests/${name}.json`,
  })),
  { digests: new Map(), version: '1.0.0' },
);
const outcome: Outcome = {
  ...{ outcomeVersion: 1, key: 'a'.repeat(32), name: 'one', image: 'i', command: ['x'], state: 'failed' },
  ...{ exitStatus: 1, round: 1, startedAt: '2026-01-01T00:00:00Z', seconds: 1.5, machine: 'm' },
  error: { code: 'ENGINE_FAILED', message: 'no' },
};
const round = { startedAt: '2026-01-01T00:00:00Z', on: 'local', again: false };

it('is empty before anything was done', async () => {
  expect(record.outcomes()).toEqual({ files: new Map(), unreadable: [] });
  expect(record.rounds()).toEqual([]);
  expect(await record.outcome('a'.repeat(32))).toBeUndefined();
});

it('gives back outcomes, and holds the last of a key', async () => {
  await record.writeOutcome({ ...outcome, round: 0 });
  await record.writeOutcome(outcome);
  expect(await record.outcome(outcome.key)).toEqual(outcome);
  expect([...record.outcomes().files]).toEqual([[outcome.key, outcome]]);
});

it('of many who write at once, one is there, whole, and nothing else', async () => {
  await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      record.writeOutcome({ ...outcome, seconds: at, message: 'x'.repeat(9999) } as Outcome),
    ),
  );
  expect((await record.outcome(outcome.key))?.name).toBe('one');
  expect(readdirSync(join(record.folder, 'outcomes'))).toEqual([`${outcome.key}.json`]);
});

it('files that are none are named, and stop nothing', async () => {
  await record.writeOutcome(outcome);
  const bad = ['{', '[]', 'null', '{"outcomeVersion":2}', JSON.stringify({ ...outcome, state: 'fine' })];
  const files = bad.map((content, at) => {
    const file = join(record.folder, 'outcomes', `${at}.json`);
    writeFileSync(file, content);
    return file;
  });
  const { files: read, unreadable } = record.outcomes();
  expect([[...read.keys()], unreadable]).toEqual([[outcome.key], files]);
});

it('work is there while it goes on, and only who began it ends it', async () => {
  const work = { owner: 'me', machine: 'm', startedAt: round.startedAt, round: 1 };
  await record.beginWork('k', work);
  await record.endWork('k', 'another');
  expect([...record.work().files]).toEqual([['k', work]]);
  await record.endWork('k', 'me');
  expect(record.work().files.size).toBe(0);
});

it('rounds have numbers, tasks have places, and what is to be done comes first', async () => {
  const [one, two, three] = tasks as [(typeof tasks)[0], (typeof tasks)[0], (typeof tasks)[0]];
  const begun = await Promise.all([
    record.beginRound(round, [two, three], [one]),
    record.beginRound(round, [], tasks),
  ]);
  expect(record.rounds().map(({ number }) => number)).toEqual([1, 2]);
  const mine = begun[0];
  expect(mine?.round.toDo).toBe(2);
  expect(await record.tasksOf(mine?.round ?? { number: 0 })).toEqual([two, three, one]);
  const read = await readTask(mine?.tasksFile ?? '', 1);
  expect(read.task).toEqual(three);
  expect(read.round).toEqual(mine?.round);
  expect(read.record.folder).toBe(record.folder);
});

it.each([
  ['slurm', '123', true],
  ['swarm', '1ykq7d8w6rxpzlqyu4oc0mzs2', true],
  ['slurm', '--user=me', false],
  ['slurm', 'web', false],
  ['swarm', '../volumes/data', false],
  ['swarm', '', false],
])('a round whose job has an id that no %s gives is none: %s', async (on, id, isRound) => {
  const begun = await record.beginRound({ ...round, on }, tasks, []);
  await record.writeRound({ ...begun.round, jobs: [{ id, first: 0, count: 3 }] });
  expect(record.rounds()).toHaveLength(isRound ? 1 : 0);
});

it('nor is one whose job has more tasks than a fleet', async () => {
  const begun = await record.beginRound({ ...round, on: 'slurm' }, tasks, []);
  await record.writeRound({ ...begun.round, jobs: [{ id: '1', first: 0, count: 2 ** 40 }] });
  expect(record.rounds()).toEqual([]);
});

it('a place that is not there, and a file of something else, are refused', async () => {
  const { tasksFile } = await record.beginRound(round, tasks, []);
  const refused = expect.objectContaining({ code: 'FLEET_RECORD_INVALID' });
  await expect(readTask(tasksFile, 3)).rejects.toThrow(refused);
  await expect(readTask(join(folder, 'nowhere'), 0)).rejects.toThrow(refused);
  writeFileSync(tasksFile, '{"name":"x"}\n');
  await expect(readTask(tasksFile, 0)).rejects.toThrow(/tasks.ndjson:1: this is no task/);
});
