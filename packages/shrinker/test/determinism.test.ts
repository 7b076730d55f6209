import { get } from 'node:http';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { type OwnEngine, startOwnEngine } from '../../../test-fixtures/own-engine.ts';
import { type HereOptions, shrinkHere } from './shrink-here.ts';

let engine: Engine;
let own: OwnEngine;
let other: Engine;
let source: string;

beforeAll(async () => {
  [engine, own] = await Promise.all([connectTestEngine(), startOwnEngine()]);
  other = await own.connect();
  source = (await engine.inspectImage(await ensureImage(engine, 'metadata')))?.id ?? '';
  expect(await other.loadImage(await saveImage(engine.details.address, source))).toBe(source);
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  await other?.[Symbol.asyncDispose]();
  await own?.[Symbol.asyncDispose]();
});

/** What `docker save` prints. */
async function saveImage(address: string, id: string): Promise<AsyncIterable<Uint8Array>> {
  const { protocol, pathname, hostname, port } = new URL(address);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  return await new Promise((resolve, reject) => {
    get({ ...where, path: `/images/${id}/get` }, resolve).on('error', reject);
  });
}

async function idOfShrunk(by: Engine, request: HereOptions = {}): Promise<string> {
  const { result } = await shrinkHere(by, {
    image: source,
    command: ['cat', '/volume/file'],
    // The other engine has no network to give.
    options: { network: 'none' },
    // Another process may make, and remove, the same.
    version: `test-${process.pid}`,
    keep: { keep: ['/metadata/**'] },
    ...request,
  });
  await by.removeImage(result.id);
  return result.id;
}

it('a source that was saved and loaded by another engine gives the same image, as does a time that is asked for', async () => {
  const plain = await idOfShrunk(engine);
  expect(await idOfShrunk(other)).toBe(plain);
  const created = '2017-03-04T05:06:07.000Z';
  const dated = await idOfShrunk(engine, { created });
  expect(await idOfShrunk(other, { created })).toBe(dated);
  expect(dated).not.toBe(plain);
});
