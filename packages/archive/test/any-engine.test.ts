import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AsyncDisposableStack, type Engine } from '@keepset/docker-engine';
import { writeManifest } from '@keepset/manifest';
import { type Run, type Service, shrink } from '@keepset/shrinker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { exportTree } from '../../shrinker/test/exported-tree.ts';
import {
  type DepositImage,
  type DepositRun,
  replayArchive,
  verifyArchive,
  type WriteArchiveOptions,
  writeArchive,
} from '../src/index.js';

const run = promisify(execFile);
const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'test-archive-'));
const at = (name: string) => join(folder, name);
const streams = { onOutput() {}, onEvent() {} };
const ADDS =
  'cat /data/a.csv; wc -l < /data/a.csv > /out; echo "$GREETING" > /work/new.txt; cp /data/day /day';
/** The deposits are recorded in the past: what runs print of the day comes from their inputs. */
const RECORDED = Date.UTC(2025, 9, 26, 12);
const LATER = Date.UTC(2028, 0, 5, 12);
const dayOf = (time: number) => `built on ${new Date(time).toISOString().slice(0, 10)}, of 2020-01-02\n`;
const VARIABLE = 'GREETING=it\'s "$HOME"';

const REST = `keepset-test-archive-${process.pid}:rest`;
/** It does not read the file that its image has. */
const SHOW_ITS_NAME = { name: 'main', command: ['/proc/self/comm'] };

let engine: Engine;
/** Of what was shrunk and put into a deposit; the engine has none of them any more. */
const ids: string[] = [];

/** @returns the manifest of the result */
async function shrunk(image: string, runs: readonly Run[], remainder?: string): Promise<string> {
  const rest = remainder && { remainder };
  const options = { image, runs, tags: [], version: '1', inventory: true, ...rest };
  const result = await shrink(engine, options, streams);
  ids.push(result.id);
  const manifest = at(`${ids.length}.json`);
  await writeManifest(result.manifest, manifest);
  return manifest;
}

/** Write the deposits, and have the engine forget the results. */
async function deposit(
  manifests: readonly string[],
  options: Partial<WriteArchiveOptions>,
  ...names: readonly string[]
): Promise<void> {
  for (const name of names)
    await writeArchive(engine, { manifests, destination: at(name), version: '1', ...options }, streams);
}

const forget = async () => {
  for (const id of ids) if (await engine.inspectImage(id)) await engine.removeImage(id);
};

beforeAll(async () => {
  engine = opened.use(await connectTestEngine());
  for (const name of ['in', 'other', 'today', 'one', 'two']) mkdirSync(at(name));
  for (const name of ['in', 'today']) writeFileSync(at(`${name}/a.csv`), '1,2\n3,4\n');
  writeFileSync(at('other/a.csv'), '1,2\n3,5\n');
  writeFileSync(at('in/day'), dayOf(RECORDED));
  writeFileSync(at('other/day'), dayOf(LATER));
  const volume = [`${at('in')}:/data:ro`, `${at('in')}:/work`];
  const runs = [
    { name: 'adds', command: ['sh', '-c', ADDS], options: { volume, env: [VARIABLE], user: '0' } },
    { name: 'chance', command: ['sh', '-c', 'date +%N; echo stays; date +%N > /stamp'] },
    { name: 'fails', command: ['sh', '-c', 'echo oops >&2; exit 3'], expectation: { exitStatus: 3 } },
  ];
  const options = { inputs: [at('in')], variables: [VARIABLE], now: () => RECORDED };
  await deposit([await shrunk(await ensureBase(engine), runs)], options, 'paper.zip');
  const service: Service = {
    ready: [],
    steps: [
      { kind: 'http', method: 'GET', path: '/' },
      { kind: 'http', method: 'GET', path: '/missing', status: 404 },
      { kind: 'exec', command: ['healthy'] },
      { kind: 'probe', command: 'test -n "$KEEPSET_HOST"' },
    ],
  };
  // Asked from inside: an engine may be in a network of its own.
  const web = { name: 'web', command: [], service, options: { network: 'none' } };
  await deposit([await shrunk(await ensureImage(engine, 'service'), [web])], {}, 'web');
  const hello = await shrunk(await ensureImage(engine, 'static'), [{ name: 'main', command: [] }]);
  await deposit([hello], {}, 'one/paper.tar', 'two/paper.tar', 'paper');
  const own = await shrunk(await ensureImage(engine, 'static'), [SHOW_ITS_NAME], REST);
  await deposit([own], { remainder: REST }, 'whole');
  await expect(deposit([hello], { remainder: REST }, 'wrong')).rejects.toThrow(
    /has not the layers of the image/,
  );
  await engine.removeImage(REST);
  const others = await shrunk(await ensureBase(engine), [
    { name: 'main', command: ['cat', '/etc/debian_version'] },
    { name: 'alone', command: ['sh', '-c', 'exit 0'] },
  ]);
  // As what was recorded beside something that is not there any more.
  writeFileSync(others, readFileSync(others, 'utf8').replaceAll('exit 0', 'exit 3'));
  await deposit([hello, others], { recordedSecondsMax: 600 }, 'both');
  await forget();
  await run('python3', ['-m', 'zipfile', '-e', at('paper.zip'), at('unpacked')]);
});
afterAll(async () => {
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

/** The client of the engine. */
function client(): string {
  const file = at('client');
  const words = engine.details.isDocker ? 'docker' : `podman --remote --url ${process.env.DOCKER_HOST}`;
  writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  return file;
}

/** `check.sh`, by the client of the engine: keepset has no part in it. */
async function check(
  place: string,
  inputs: NodeJS.ProcessEnv = {},
): Promise<{ readonly status: number; readonly lines: readonly string[] }> {
  const env = { ...process.env, ...inputs, ENGINE: client() };
  const { status, stdout } = await run('sh', [join(place, 'data/check.sh')], { env }).then(
    ({ stdout }) => ({ status: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ status: error.code, stdout: error.stdout }),
  );
  return { status, lines: stdout.trim().split('\n') };
}

const areThere = async () => (await Promise.all(ids.map((id) => engine.inspectImage(id)))).filter(Boolean);

it('is replayed on an engine that has not got its image, and leaves none', async () => {
  const { same, runs } = await replayArchive(engine, at('paper.zip'), {}, streams);
  expect(runs.map(({ name, differences }) => [name, differences])).toEqual([
    ['adds', []],
    ['chance', []],
    ['fails', []],
  ]);
  expect(runs[1]?.masked).toEqual(['standard output', '/stamp']);
  expect(same).toBe(true);
  expect(await areThere()).toEqual([]);
});

it('is checked without keepset, and leaves nothing', async () => {
  writeFileSync(at('today/day'), dayOf(Date.now()));
  expect(await check(at('unpacked/paper'), { INPUT_1_1: at('today') })).toEqual({
    status: 0,
    lines: [
      'checksums: every file is as it was deposited',
      "adds: /day: the date of the run stands in 1 of its fields: today's instead of the recorded one",
      'adds: the same in all that was compared',
      'chance: not compared: standard output, which varies by chance',
      'chance: not compared: /stamp, which varies by chance',
      'chance: the same in all that was compared',
      'fails: the same in all that was compared',
      'All that was compared is as it was.',
    ],
  });
  expect(await areThere()).toEqual([]);
});

it('asks a service again, without a network', async () => {
  const { same, runs } = await replayArchive(engine, at('web'), {}, streams);
  expect(runs).toMatchObject([{ name: 'web', differences: [], notAsked: ['test -n "$KEEPSET_HOST"'] }]);
  expect(same).toBe(true);
  const file = readFileSync(at('web/data/expected/1-web/steps/001/stdout'), 'utf8');
  expect(file).toBe('<p>the first page</p>\n');
  const { status, lines } = await check(at('web'));
  expect(lines.slice(1)).toEqual([
    'web: not checked here: http GET /: it needs keepset replay',
    'web: not checked here: http GET /missing=404: it needs keepset replay',
    `web: not checked here: probe 'test -n "$KEEPSET_HOST"': it needs keepset replay`,
    'web: not checked here: what it prints and writes itself: it needs keepset replay',
    'web: the same in all that was compared',
    'All that was compared is as it was.',
  ]);
  expect(status).toBe(0);
});

it('is of several images, each with its runs', async () => {
  const place = at('both');
  expect((await verifyArchive(place)).problems).toEqual([]);
  const image = (name: string) => JSON.parse(readFileSync(join(place, 'data/image', name), 'utf8'));
  const { images, runs } = JSON.parse(readFileSync(join(place, 'data/runs.json'), 'utf8'));
  expect(image('manifest.json')).toHaveLength(2);
  const indexed = image('index.json').manifests.map((each: { digest: string }) => each.digest);
  expect(indexed).toEqual(expect.arrayContaining(images.map((each: DepositImage) => each.manifestDigest)));
  expect(runs.map((run: DepositRun) => [run.name.replace(/:.*/, ''), run.image])).toEqual([
    ['main (sha256', 0],
    ['main (sha256', 1],
    ['alone', 1],
  ]);
  const why = 'by itself, without a network, it ends with 3; when it was recorded, with 0';
  const replay = await replayArchive(engine, place, {}, streams);
  expect(replay).toMatchObject({
    same: true,
    runs: [{ differences: [] }, { differences: [] }, { notReplayed: why }],
  });
  const { status, lines } = await check(place);
  expect(lines).toEqual([
    'checksums: every file is as it was deposited',
    `${runs[0].name}: the same in all that was compared`,
    `${runs[1].name}: the same in all that was compared`,
    `alone: not run: ${why}`,
    'Not all runs could be run.',
  ]);
  expect(status).toBe(2);
  expect(await areThere()).toEqual([]);
});

it('gives back all of the source, where it has the rest', async () => {
  expect((await verifyArchive(at('whole'))).problems).toEqual([]);
  expect(await check(at('whole'))).toMatchObject({ status: 0 });
  expect(await areThere()).toEqual([]);
  const { stdout } = await run('sh', [at('whole/data/whole.sh')], {
    env: { ...process.env, ENGINE: client() },
  });
  const id = stdout.trim().split(' ').at(-1) ?? '';
  try {
    const source = await exportTree(engine, await ensureImage(engine, 'static'));
    expect(source.keys()).toContain('/data');
    // Podman makes folders of its own in a container.
    const whole = await exportTree(engine, id);
    for (const [path, entry] of source) expect(whole.get(path), path).toEqual(entry);
  } finally {
    await engine.removeImage(id);
  }
});

it('gives the same bytes each time', async () => {
  expect(readFileSync(at('one/paper.tar')).equals(readFileSync(at('two/paper.tar')))).toBe(true);
  const { status } = await check(at('paper'));
  expect(status).toBe(0);
});

it('shows where other inputs give something else', async () => {
  const mounted = [{ target: '/data', folder: at('other') }];
  const options = { run: 'adds', with: mounted, withPage: true, now: () => LATER };
  expect(await replayArchive(engine, at('unpacked/paper'), options, streams)).toMatchObject({
    same: false,
    page: expect.stringContaining('<del>-3,4</del><ins>+3,5</ins>'),
    runs: [
      {
        differences: ['line 2 of standard output is "3,5" instead of "3,4"'],
        dated: ['1 field of /day'],
      },
    ],
  });
  await expect(replayArchive(engine, at('paper.zip'), { run: 'none' }, streams)).rejects.toThrow(
    "no run 'none'",
  );
});

it('names in its crate only files that it has', async () => {
  const data = at('unpacked/paper/data');
  const { '@graph': graph } = JSON.parse(readFileSync(join(data, 'ro-crate-metadata.json'), 'utf8'));
  const files = graph.filter((each: { '@type': unknown }) => each['@type'] === 'File');
  expect(files.length).toBeGreaterThan(20);
  for (const { '@id': id } of files) expect(existsSync(join(data, decodeURIComponent(id))), id).toBe(true);
  const [image] = graph.filter((each: { '@type': unknown }) => each['@type'] === 'ContainerImage');
  expect(existsSync(join(data, 'image/blobs/sha256', image.sha256))).toBe(true);
});

it('names a byte that was changed, of an input, of the image and of what is expected', async () => {
  const place = at('unpacked/paper');
  const runs = JSON.parse(readFileSync(join(place, 'data/runs.json'), 'utf8'));
  const names = [
    'data/inputs/1/a.csv',
    `data/image/blobs/sha256/${runs.image.manifestDigest.slice(7)}`,
    'data/expected/1-adds/stdout',
  ];
  for (const name of names) {
    const before = readFileSync(join(place, name));
    writeFileSync(join(place, name), before.toString('latin1').replace(/^./, '~'), 'latin1');
    expect((await verifyArchive(place)).problems[0]).toBe(`${name} is not what was deposited`);
    await expect(replayArchive(engine, place, {}, streams)).rejects.toMatchObject({
      code: 'ARCHIVE_DAMAGED',
    });
    if (!name.includes('expected')) writeFileSync(join(place, name), before);
  }
  const { status, lines } = await check(place);
  expect(status).toBe(3);
  expect(lines[0]).toBe('checksums: data/expected/1-adds/stdout: FAILED');
});
