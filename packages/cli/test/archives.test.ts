import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FleetRecord, type Outcome, planTasks } from '@keepset/fleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runKeepset } from './run-keepset.ts';

const folder = mkdtempSync(join(tmpdir(), 'test-archives-'));
const keepset = (...words: string[]) => runKeepset(folder, words);
afterAll(() => rmSync(folder, { recursive: true }));

/** A result of a source: its files, each of a package of the same name, by their sizes. */
interface Made {
  readonly source: string;
  readonly files: Readonly<Record<string, number>>;
  readonly version?: string;
  readonly verified?: boolean;
}

function manifestOf({ source, files, version = '1', verified = true }: Made): string {
  const names = Object.keys(files);
  const access = { run: 'main', action: 'open', call: 'openat', line: 1, count: 1 };
  return JSON.stringify({
    manifestVersion: 1,
    source: { id: `sha256:${source}`, reference: `${source}:1`, sizeBytes: 1e6 },
    result: { id: 'sha256:0', sizeBytes: Object.values(files).reduce((sum, size) => sum + size, 0) },
    verified,
    runs: [{ name: 'main', command: ['a'] }],
    programs: [],
    packages: names.map((name) => ({
      ...{ ecosystem: 'deb', name, version, licenses: [], database: '/var/lib/dpkg/status' },
      purl: `pkg:deb/debian/${name}@${version}`,
    })),
    kept: names.map((name, at) => ({
      ...{ path: `/usr/${name}`, type: 'file', sizeBytes: files[name], owners: [at], mode: 0o644 },
      reasons: [access],
    })),
    removed: [],
  });
}

/** Has done these tasks in one round after the other; the manifests are those of the last one. */
async function makeFleet(
  name: string,
  results: Readonly<Record<string, Made>>,
  rounds: readonly Readonly<Record<string, Outcome['state']>>[],
): Promise<void> {
  const place = join(folder, name);
  mkdirSync(join(place, 'manifests'), { recursive: true });
  writeFileSync(join(place, 'fleet.yaml'), 'images: [a]\nresults: { manifests: manifests }\n');
  for (const [task, made] of Object.entries(results))
    writeFileSync(join(place, 'manifests', `${task}.json`), manifestOf(made));
  const record = new FleetRecord(join(place, 'fleet-record'));
  for (const [at, states] of rounds.entries()) {
    const tasks = planTasks(
      Object.keys(states).map((task) => ({
        ...{ name: task, image: task, command: ['shrink', task], inputs: {}, results: [], folders: [] },
        manifest: `manifests/${task}.json`,
      })),
      { digests: new Map(), version: `${at}` },
    );
    for (const { key, name, image, command } of tasks) {
      const state = states[name] ?? 'done';
      const common = {
        outcomeVersion: 1,
        key,
        name,
        image,
        command,
        state,
        exitStatus: 0,
        round: at + 1,
      } as const;
      const verdict = 'verified';
      const result = {
        id: key,
        sizeBytes: 1000 + at,
        sourceId: 'a',
        sourceBytes: 2000,
        verdict,
        warnings: 0,
      };
      await record.writeOutcome({
        ...{ ...common, startedAt: '', seconds: 1, machine: '' },
        ...(state === 'done' ? { result } : { error: { code: 'COMMAND_FAILED', message: 'it failed' } }),
      });
    }
    await record.beginRound({ startedAt: '', on: 'local', again: false }, tasks, []);
  }
}

const WEB = { source: 'web', files: { libc: 100, nginx: 50 } };
const PLOT = { source: 'r', files: { libc: 100, r: 300 } };

beforeAll(async () => {
  const done = { web: 'done', plot: 'done', same: 'done' } as const;
  await makeFleet('monday', { web: WEB, plot: PLOT, same: WEB, bad: WEB }, [{ ...done, bad: 'failed' }]);
  await makeFleet(
    'friday',
    { web: { ...WEB, version: '2', verified: false }, same: WEB, new: { ...PLOT, files: { r: 350 } } },
    [done, { web: 'done', same: 'failed', new: 'done' }],
  );
});

describe('diff', () => {
  it('of two fleets names the results that differ, the largest difference first', async () => {
    const { status, stdout, stderr } = await keepset(
      'diff',
      '--exit-code',
      'monday/fleet.yaml',
      'friday/manifests',
    );
    expect([status, stderr]).toEqual([1, 'keepset: 3 results differ\n']);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['CHANGE', 'RESULT', 'VERDICT', 'SIZE', 'NOW', 'PATHS', 'PACKAGES'],
      ['removed', 'plot', 'verified', '-400 B'],
      ['added', 'new', 'verified', '+350 B', '350 B'],
      ['changed', 'web', 'verified → not verified', '0 B', '150 B', '0', 'deb:libc 1 → 2, deb:nginx 1 → 2'],
      [''],
      ['1 changed, 1 added, 1 removed, 1 the same; 700 B → 650 B (-50 B)'],
      [''],
    ]);
  });

  it('as JSON and CSV has all, and the text as many rows as are wanted', async () => {
    const words = ['diff', 'monday/fleet.yaml', 'friday/manifests'];
    const json = JSON.parse((await keepset(...words, '--json')).stdout);
    expect(json).toMatchObject({
      counts: { changed: 1, added: 1, removed: 1, same: 1 },
      results: [
        { name: 'new', kind: 'added' },
        { name: 'plot', kind: 'removed' },
        { name: 'web', packages: [{}, {}] },
      ],
    });
    const csv = (await keepset(...words, '--csv')).stdout.trimEnd().split('\n');
    expect(csv.map((line) => line.split(',').slice(0, 2).join(' '))).toEqual([
      ...['change result', 'added new', 'removed plot', 'changed web'],
    ]);
    expect((await keepset(...words, '--limit', '1')).stdout).toContain('and 2 more; see --limit\n');
  });

  it('of one fleet says what its last round changed', async () => {
    const { status, stdout } = await keepset('diff', 'friday/fleet.yaml', '--csv');
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').slice(1)).toEqual([
      'added,new,,verified,,1001,1001,,,,',
      'removed,plot,verified,,1000,,-1000,,,,',
      'changed,same,verified,COMMAND_FAILED,1000,,,,,,',
      'changed,web,verified,verified,1000,1001,1,,,,',
    ]);
    const same = await keepset('diff', 'monday/manifests', 'monday/manifests', '--csv', '--exit-code');
    expect([same.status, same.stdout.split('\n').length]).toEqual([0, 2]);
  });

  it.each([
    [
      'a fleet and one result',
      ['monday/fleet.yaml', 'monday/manifests/web.json'],
      'is one, and the other side has several',
    ],
    ['what is not there', ['monday/fleet.yaml', 'no.yaml'], "there is no 'no.yaml'"],
    ['a folder alone', ['monday/manifests'], 'Only a fleet can stand alone'],
    ['a fleet of one round alone', ['monday/fleet.yaml'], 'had no two rounds'],
    [
      'packages of several',
      ['--by', 'package', 'monday/manifests', 'friday/manifests'],
      '--by package is for two results',
    ],
  ])('is refused of %s', async (_, words, message) => {
    expect(await keepset('diff', ...words)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(message),
    });
  });
});

describe('sbom', () => {
  it('of a fleet is a file of each result, under the name of its task', async () => {
    const { status, stdout, stderr } = await keepset('sbom', '-o', 'bills', 'monday/fleet.yaml');
    expect([status, stdout, stderr]).toEqual([0, '', 'keepset: 3 bills of materials in bills\n']);
    expect(readdirSync(join(folder, 'bills')).sort()).toEqual([
      'plot.cdx.json',
      'same.cdx.json',
      'web.cdx.json',
    ]);
    const one = await keepset('sbom', 'monday/manifests/web.json');
    expect(readFileSync(join(folder, 'bills/web.cdx.json'), 'utf8')).toBe(one.stdout);
  });

  it('wants a folder for them', async () => {
    expect(await keepset('sbom', 'monday/fleet.yaml')).toMatchObject({
      ...{ status: 2, stderr: expect.stringContaining('Name a folder for them: -o DIR.') },
    });
    writeFileSync(join(folder, 'file'), '');
    expect(await keepset('sbom', '-o', 'file', 'monday/fleet.yaml')).toMatchObject({
      ...{ status: 2, stderr: expect.stringContaining('-o: cannot write file/plot.cdx.json (EEXIST)') },
    });
  });
});

describe('cost', () => {
  it('of a fleet counts the results of each source together', async () => {
    const { stdout } = await keepset('cost', 'monday/fleet.yaml');
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['r:1'],
      ['RUN', 'TOTAL', 'UNIQUE', 'SHARED', 'ADDS'],
      ['plot', '400 B', '400 B', '0 B', '400 B'],
      ['all runs together: 2 paths, 400 B'],
      [''],
      ['web:1'],
      ['RUN', 'TOTAL', 'UNIQUE', 'SHARED', 'ADDS'],
      ['same', '150 B', '0 B', '150 B', '150 B'],
      ['web', '150 B', '0 B', '150 B', '0 B'],
      ['all runs together: 2 paths, 150 B'],
      [''],
    ]);
    const [first] = JSON.parse((await keepset('cost', '--json', 'monday/fleet.yaml')).stdout);
    expect(first).toMatchObject({ source: 'r:1', union: { paths: 2 }, runs: [{ run: 'plot' }] });
    const csv = (await keepset('cost', '--csv', '--by', 'package', 'monday/fleet.yaml')).stdout;
    expect(csv.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^source,run,package,total_paths/),
      expect.stringMatching(/^r:1,plot,deb:r,1,300/),
    ]);
  });
});

it('affected and export take the results of a fleet, and no others', async () => {
  const { stdout } = await keepset('affected', '--in', 'friday/fleet.yaml', '--csv', 'libc');
  expect(stdout.split('\n').map((line) => line.split(',').slice(0, 3).join())).toEqual([
    ...[
      'status,query,manifest',
      'unaffected,libc,friday/manifests/new.json',
      'used,libc,friday/manifests/web.json',
      '',
    ],
  ]);
  const { stderr } = await keepset(
    'export',
    '--format',
    'ndjson',
    '--in',
    'friday/fleet.yaml',
    '-o',
    'tables',
  );
  expect(stderr).toMatch(/^results +2 rows\n/);
});
