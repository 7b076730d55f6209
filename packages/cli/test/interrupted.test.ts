import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Recording } from '@keepset/shrinker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyImage } from '../../../test-fixtures/engines/copy-image.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { type OwnEngine, startOwnEngine } from '../../../test-fixtures/own-engine.ts';
import { runKeepset } from './run-keepset.ts';

const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;
/** Half of them are interrupted. KEEPSET_TEST_SHRINKS=50 is the whole of it. */
const SHRINKS = Number(process.env.KEEPSET_TEST_SHRINKS ?? 8);
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;
/** Says in a failure which moments it were. */
const SEED = Number(process.env.KEEPSET_TEST_SEED ?? Date.now() % 100_000);

const folder = mkdtempSync(join(tmpdir(), 'test-interrupted-'));
let own: OwnEngine;
let base: string;

beforeAll(async () => {
  // Of its own, so that everything on it is keepset's.
  own = await startOwnEngine();
  await using standard = await connectTestEngine();
  await using engine = await own.connect();
  base = await ensureBase(standard);
  await copyImage(standard, engine, base);
});
afterAll(async () => {
  await own?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const environment = () => ({ DOCKER_HOST: own.address, DOCKER_CONTEXT: '', TMPDIR: folder });
const shrink = () => ['shrink', '-q', '-t', 'kept:small', base, 'sh', '-c', 'ls /etc; cat /etc/passwd'];

/** @returns false when it ended before its moment came */
async function interrupt(signal: NodeJS.Signals, afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [PROGRAM, ...shrink()], {
    cwd: folder,
    env: { ...process.env, ...environment() },
    stdio: 'ignore',
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  await Promise.race([closed, delay(afterMs)]);
  const came = child.kill(signal);
  await closed;
  return came;
}

/** Without keepset's own eyes: what it should have removed, it may have lost. */
async function ask<T>(path: string): Promise<T> {
  const { pathname: socketPath } = new URL(own.address);
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get({ socketPath, path }, resolve).on('error', reject),
  );
  return JSON.parse(Buffer.concat(await Array.fromAsync(response)).toString()) as T;
}

async function whatIsThere() {
  const containers = await ask<{ Names: string[] }[]>('/containers/json?all=1');
  const { Volumes } = await ask<{ Volumes: { Name: string }[] | null }>('/volumes');
  const images = await ask<{ RepoTags: string[] | null }[]>('/images/json?all=1');
  return {
    containers: containers.map(({ Names }) => Names.join()),
    volumes: (Volumes ?? []).map(({ Name }) => Name.replace(/-\w+$/, '')),
    images: images.flatMap(({ RepoTags }) => RepoTags ?? ['unnamed']).sort(),
  };
}
const CLEAN = (tags: readonly string[]) => ({
  containers: [],
  volumes: ['keepset-toolbox-amd64'],
  images: [...tags].sort(),
});

/** Numbers from 0 to 1, the same for the same seed. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function* randoms(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

it('shrinks that are interrupted at any moment leave nothing but the toolbox', {
  timeout: 900_000,
}, async () => {
  const start = performance.now();
  expect(await runKeepset(folder, shrink(), environment())).toMatchObject({ status: 0 });
  const wholeMs = performance.now() - start;
  const random = randoms(SEED);
  let killed = false;
  for (let at = 0; at < SHRINKS; at++) {
    if (at % 2 === 1) {
      // One that was interrupted does not hinder the next.
      expect(await runKeepset(folder, shrink(), environment())).toMatchObject({ status: 0 });
      continue;
    }
    const signal = SIGNALS[(at / 2) % SIGNALS.length] ?? 'SIGKILL';
    const moment = random.next().value * wholeMs;
    const came = await interrupt(signal, moment);
    killed ||= came && signal === 'SIGKILL';
    if (!killed)
      expect(await whatIsThere(), `seed ${SEED}, ${signal} after ${moment} ms`).toEqual(
        CLEAN([base, 'kept:small']),
      );
  }
  // What SIGKILL left is known by its session, here and at the engine.
  const { stdout: listed } = await runKeepset(folder, ['prune', '--dry-run'], environment());
  expect(await runKeepset(folder, ['prune'], environment())).toMatchObject({ status: 0, stdout: listed });
  expect(readdirSync(folder), `seed ${SEED}`).toEqual([]);
  expect(await whatIsThere(), `seed ${SEED}`).toEqual({
    containers: [],
    volumes: [],
    images: [base, 'kept:small'].sort(),
  });
  expect(await runKeepset(folder, shrink(), environment())).toMatchObject({ status: 0 });
  expect(await whatIsThere()).toEqual(CLEAN([base, 'kept:small']));
});

it('prune leaves a run alone that goes on, and folders of others', async () => {
  const others = join(folder, 'keepset-of-mine');
  mkdirSync(others);
  const going = runKeepset(
    folder,
    ['shrink', '-q', '--no-verify', '-t', 'kept:small', base, 'sh', '-c', 'sleep 4; cat /etc/passwd'],
    environment(),
  );
  for (let tries = 0; (await whatIsThere()).containers.length === 0 && tries < 100; tries++) await delay(50);
  expect(await runKeepset(folder, ['prune', '--all-machines'], environment())).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(await going).toMatchObject({ status: 0 });
  expect(readdirSync(folder)).toEqual(['keepset-of-mine']);
  rmSync(others, { recursive: true });
});

it('what ran while the engine died is recorded as ended, and the recording goes on', async () => {
  const recording = join(folder, 'recording');
  const run = (...words: readonly string[]) => ['docker', 'run', '--network', 'none', ...words].join(' ');
  const names = ['one', 'two', 'three'];
  const begin = names.map((name) => run('-d', '--name', name, base, 'sleep', '600')).join(' && ');
  const script = `${begin} && echo up && read go && ${run('--rm', base, 'echo', 'again')}`;
  const child = spawn(process.execPath, [PROGRAM, 'record', '-o', recording, '--', 'sh', '-c', script], {
    cwd: folder,
    env: { ...process.env, ...environment() },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let printed = '';
  const isUp = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (piece: Buffer) => {
      printed += piece.toString();
      if (printed.includes('up\n')) resolve();
    });
    void closed.then(() => reject(new Error(`it ended: ${printed}`)));
  });
  try {
    await isUp;
    await own.kill();
    await own.start();
    child.stdin.end('go\n');
    expect(await closed).toEqual([0, null]);
    const { containers } = JSON.parse(readFileSync(join(recording, 'recording.json'), 'utf8')) as Recording;
    // Which status they have, engines do not agree upon.
    const ended = containers.map(({ name, exitStatus }) => [name, typeof exitStatus]);
    expect(ended).toEqual([...names, ''].map((name) => [name, 'number']));
    expect(containers.at(-1)?.exitStatus).toBe(0);
  } finally {
    child.kill('SIGKILL');
    rmSync(recording, { recursive: true, force: true });
  }
});
