import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FleetRecord, type Outcome, planTasks } from '@keepset/fleet';
import { afterAll, describe, expect, it } from 'vitest';
import { manifestFiles, nameIn, namesSeveral } from './manifest-files.js';

const folder = mkdtempSync(join(tmpdir(), 'test-manifest-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

mkdirSync(join(folder, 'm/deep'), { recursive: true });
for (const name of ['m/a.json', 'm/deep/b.json', 'm/other.txt']) writeFileSync(join(folder, name), '');
writeFileSync(join(folder, 'fleet.yaml'), 'images: [a]\nresults: { manifests: m }\n');
writeFileSync(join(folder, 'absolute.yaml'), `images: [a]\nresults: { manifests: ${join(folder, 'm')} }\n`);
writeFileSync(join(folder, 'none.yaml'), 'images: [a]\n');

/** A fleet of these tasks, that wrote manifests wherever they say, and one more that is not of it. */
async function runFleet(name: string, tasks: Readonly<Record<string, Outcome['state']>>, manifests = 'm') {
  const place = join(folder, name);
  mkdirSync(join(place, 'm'), { recursive: true });
  writeFileSync(join(place, 'fleet.yaml'), 'images: [a]\nresults: { manifests: m }\n');
  const record = new FleetRecord(join(place, 'fleet-record'));
  const planned = planTasks(
    Object.keys(tasks).map((task) => ({
      ...{ name: task, image: 'a', command: ['shrink', task], inputs: {}, results: [], folders: [] },
      manifest: `${manifests}/${task}.json`,
    })),
    { digests: new Map(), version: '1' },
  );
  for (const { name, key, image, command } of planned) {
    writeFileSync(join(place, 'm', `${name}.json`), '');
    await record.writeOutcome({
      ...{ outcomeVersion: 1, key, name, image, command, state: tasks[name] ?? 'done', exitStatus: 0 },
      ...{ round: 1, startedAt: '', seconds: 1, machine: '' },
    });
  }
  writeFileSync(join(place, 'm/old.json'), '');
  await record.beginRound({ startedAt: '', on: 'local', again: false }, planned, []);
  return join(place, 'fleet.yaml');
}

describe('manifests are named', () => {
  it.each([
    ['by a file', 'm/a.json', ['m/a.json']],
    ['by a folder', 'm', ['m/a.json', 'm/deep/b.json']],
    ['by a pattern', '**/b.json', ['m/deep/b.json']],
    ['by the fleet whose results they are of', 'fleet.yaml', ['m/a.json', 'm/deep/b.json']],
    ['by a fleet that writes them to an absolute place', 'absolute.yaml', ['m/a.json', 'm/deep/b.json']],
  ])('%s', async (_, place, files) => {
    expect((await manifestFiles(join(folder, place))).files).toEqual(files.map((file) => join(folder, file)));
  });

  it.each([
    ['nothing', 'no.json', 'there is no'],
    ['a pattern of nothing', '*.nosuch', 'no file matches'],
    ['a fleet without them', 'none.yaml', 'names no folder for manifests'],
    ['a fleet that is not there', 'no.yaml', 'cannot read'],
  ])('but not by %s', async (_, place, message) => {
    await expect(manifestFiles(join(folder, place))).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(message),
    });
  });
});

describe('those of a fleet that was run', () => {
  it('are of the tasks that are done, and are called after them', async () => {
    const found = await manifestFiles(await runFleet('run', { 'b.1': 'done', a: 'done', bad: 'failed' }));
    expect(found.files.map((file) => nameIn(found, file))).toEqual(['a', 'b.1']);
    expect(found).toMatchObject({ root: join(folder, 'run/m'), isArchive: true });
  });

  it.each([
    ['none is done', { a: 'failed' }, 'm'],
    ['the record names files elsewhere', { a: 'done' }, '../m'],
  ] as const)('are none where %s', async (why, tasks, manifests) => {
    await expect(manifestFiles(await runFleet(why.replaceAll(' ', '-'), tasks, manifests))).rejects.toThrow(
      'there is no manifest of a result of ',
    );
  });
});

it.each([
  ['m', true],
  ['fleet.yaml', true],
  ['m/*.json', true],
  ['m/a.json', false],
  ['no.yaml', false],
  ['debian:12', false],
])('%s names several: %s', (word, several) => {
  expect(namesSeveral(join(folder, word))).toBe(several);
});
