import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { spoolLayer } from './spool-layer.js';

let folder: string;
let files = 0;
const nextFile = () => join(folder, `layer-${files++}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  if (at < bytes.length) yield bytes.subarray(at);
}

const END = Buffer.alloc(1024);

it('writes the same bytes and names their hash, whatever the chunks', async () => {
  const blocks = fc.array(fc.uint8Array({ minLength: 512, maxLength: 512 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(blocks, fc.array(fc.nat({ max: 3000 }), { maxLength: 20 }), async (content, sizes) => {
      const tar = Buffer.concat([...content, END]);
      const told: number[] = [];
      const layer = await spoolLayer(chunksOf(tar, sizes), nextFile(), (size) => told.push(size));
      expect((await readFile(layer.file)).equals(tar)).toBe(true);
      expect(layer.diffId).toBe(`sha256:${createHash('sha256').update(tar).digest('hex')}`);
      expect(layer.sizeBytes).toBe(tar.length);
      expect(told.at(-1)).toBe(tar.length);
    }),
    { numRuns: 50 },
  );
});

it('gathers more than a piece', async () => {
  const tar = Buffer.concat([Buffer.alloc(600 * 1024, 7), END]);
  const layer = await spoolLayer(chunksOf(tar, new Array(100).fill(7001)), nextFile());
  expect((await readFile(layer.file)).equals(tar)).toBe(true);
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['no end mark', Buffer.alloc(2048, 1)],
  ['half an end mark', Buffer.concat([Buffer.alloc(1024, 1), Buffer.alloc(512)])],
  ['an end inside a block', Buffer.concat([Buffer.alloc(512, 1), Buffer.alloc(1030)])],
])('is an error for a tar with %s', async (_, tar) => {
  await expect(spoolLayer(chunksOf(tar, []), nextFile())).rejects.toMatchObject({ code: 'BUILD_TRUNCATED' });
});

it('passes the error of the source on', async () => {
  async function* broken() {
    yield END;
    throw new Error('the engine went away');
  }
  await expect(spoolLayer(broken(), nextFile())).rejects.toThrow('the engine went away');
});
