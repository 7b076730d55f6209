import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packParts } from './archive-parts.js';
import { toDockerArchive } from './docker-archive.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

const CONFIG = '{"os":"linux"}';
const CONFIG_NAME = `${createHash('sha256').update(CONFIG).digest('hex')}.json`;

async function writeArchive(content: Buffer): Promise<Buffer> {
  const file = join(folder, 'layer.tar');
  await writeFile(file, content);
  const layer = { file, diffId: 'sha256:abc', sizeBytes: content.length };
  return Buffer.concat(await Array.fromAsync(packParts(toDockerArchive(CONFIG, [layer]))));
}

it.each([0, 1, 512, 700_000])('holds configuration, manifest and a layer of %i bytes', async (sizeBytes) => {
  const content = Buffer.alloc(sizeBytes, 'layer');
  const entries = extract();
  entries.end(await writeArchive(content));
  const found = new Map<string, Buffer>();
  for await (const entry of entries)
    found.set(entry.header.name, Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Uint8Array>)));
  expect([...found.keys()]).toEqual([CONFIG_NAME, 'manifest.json', 'abc/layer.tar']);
  expect(found.get(CONFIG_NAME)?.toString()).toBe(CONFIG);
  expect(found.get('abc/layer.tar')?.equals(content)).toBe(true);
  expect(JSON.parse(found.get('manifest.json')?.toString() ?? '')).toEqual([
    { Config: CONFIG_NAME, RepoTags: [], Layers: ['abc/layer.tar'] },
  ]);
});

it('is the same, byte for byte, each time', async () => {
  const content = Buffer.alloc(5000, 'x');
  expect((await writeArchive(content)).equals(await writeArchive(content))).toBe(true);
});

it('is an error when the layer is gone', async () => {
  const layer = { file: join(folder, 'none'), diffId: 'sha256:abc', sizeBytes: 10 };
  await expect(Array.fromAsync(packParts(toDockerArchive(CONFIG, [layer])))).rejects.toMatchObject({
    code: 'ENOENT',
  });
});
