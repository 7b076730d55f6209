import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type OwnEngine, startOwnEngine } from '../../../test-fixtures/own-engine.ts';
import { flatten, type ShrinkEvent } from '../src/index.js';
import { allContainers, unnamedImages } from './all-containers.ts';

const SOURCE = 'keepset/test-failures:source';
const RESULT = 'keepset/test-failures:result';
const LOADED = 'keepset/test-failures:before';
/** Enough that the engine has begun with it, and not ended, when the first bytes are told of. */
const CONTENT_BYTES = 64 * 1024 * 1024;
const KILLED = new URL('./killed-flatten.ts', import.meta.url).pathname;

let own: OwnEngine;
let engine: Engine;
const ownTemporary = mkdtempSync(join(tmpdir(), 'test-'));
const spooled = mkdtempSync(join(ownTemporary, 'spool-'));

beforeAll(async () => {
  own = await startOwnEngine();
  process.env.TMPDIR = spooled;
  engine = await own.connect();
  const dockerfile = 'FROM scratch\nCOPY one two /\nCMD ["/none"]\n';
  await engine.buildImage(
    [
      { header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) },
      { header: { name: 'one' }, content: randomBytes(CONTENT_BYTES) },
      { header: { name: 'two' }, content: Buffer.from('two\n') },
    ],
    { tag: SOURCE },
  );
  // What had the result's name before.
  const small = 'FROM scratch\nCOPY Dockerfile /\n';
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(small) }], { tag: LOADED });
});
afterAll(async () => {
  await own?.[Symbol.asyncDispose]();
  rmSync(ownTemporary, { recursive: true });
});

beforeEach(async () => {
  const before = await engine.inspectImage(LOADED);
  await engine.tagImage(before?.id ?? '', { repository: 'keepset/test-failures', tag: 'result' });
});

const flattenHere = (by: Engine, onEvent: (event: ShrinkEvent) => void = () => {}) =>
  flatten(by, { image: SOURCE, tags: [RESULT], version: 'test' }, { onEvent });
const idOf = async (reference: string) => (await engine.inspectImage(reference))?.id;
const isInBuild = ({ kind }: ShrinkEvent) => kind === 'stage-progress';

async function expectNothingLeft(): Promise<void> {
  expect(await idOf(RESULT)).toBe(await idOf(LOADED));
  expect(await allContainers(own.address)).toEqual([]);
  expect(await unnamedImages(own.address)).toEqual([]);
  expect(readdirSync(spooled)).toEqual([]);
  // Nothing of keepset's but the toolbox that the next try uses again.
  expect((await engine.prune()).filter((removed) => !removed.startsWith('volume keepset-toolbox-'))).toEqual(
    [],
  );
}

async function expectNextTryWorks(): Promise<void> {
  const { id } = await flattenHere(engine);
  expect(await idOf(RESULT)).toBe(id);
  expect((await engine.inspectImage(RESULT))?.diffIds).toHaveLength(1);
  await engine.removeImage(RESULT);
}

it('an engine that is killed in the middle of a load and started again', async () => {
  let restarted: Promise<void> | undefined;
  const interrupted = flattenHere(engine, (event) => {
    if (isInBuild(event)) restarted ??= own.kill().then(() => own.start());
  });
  await expect(interrupted).rejects.toMatchObject({
    code: 'ENGINE_UNREACHABLE',
    message: expect.stringMatching(/the engine does not answer/),
    hint: expect.stringMatching(/Start it/),
  });
  await restarted;
  await expectNothingLeft();
  await expectNextTryWorks();
});

it('a client that is interrupted in the middle of a load', async () => {
  const controller = new AbortController();
  const one = await own.connect(controller.signal);
  const interrupted = flattenHere(one, (event) => {
    if (isInBuild(event)) controller.abort();
  });
  await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await one[Symbol.asyncDispose]();
  await expectNothingLeft();
  await expectNextTryWorks();
});

it('a client that is killed in the middle of a load leaves what prune removes', async () => {
  const child = spawn(process.execPath, [KILLED, SOURCE, RESULT], {
    env: { ...process.env, DOCKER_HOST: own.address },
    stdio: 'ignore',
  });
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  expect(await idOf(RESULT)).toBe(await idOf(LOADED));
  const removed = await engine.prune();
  expect(removed).toContainEqual(expect.stringMatching(/^container [0-9a-f]{12}$/));
  for (const name of readdirSync(spooled)) rmSync(join(spooled, name), { recursive: true });
  await expectNothingLeft();
  await expectNextTryWorks();
});
