import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpackLayer as unpack } from './unpack-layer.js';

const CONTENT = Buffer.from('some words, again and again '.repeat(20_000));
const cut = (bytes: Uint8Array, sizeBytes: number) =>
  ReadableStream.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
    })(),
  );
const unpackLayer = (packed: AsyncIterable<Uint8Array>) => unpack(packed, 'the layer a of b');
const gather = async (chunks: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(chunks));

describe.each([
  ['plain', CONTENT],
  ['gzip', gzipSync(CONTENT)],
  ['gzip in two members', Buffer.concat([gzipSync(CONTENT.subarray(0, 5)), gzipSync(CONTENT.subarray(5))])],
  ['zstd', zstdCompressSync(CONTENT)],
  [
    'zstd in two frames',
    Buffer.concat([zstdCompressSync(CONTENT.subarray(0, 5)), zstdCompressSync(CONTENT.subarray(5))]),
  ],
  [
    'zstd with a frame of something else',
    Buffer.concat([zstdCompressSync(CONTENT), Buffer.from('502a4d1805000000', 'hex'), Buffer.from('other')]),
  ],
])('%s', (_, packed) => {
  it.each([3, 1000, 1_000_000])('is unpacked, %s bytes at a time', async (sizeBytes) => {
    expect((await gather(unpackLayer(cut(packed, sizeBytes)))).equals(CONTENT)).toBe(true);
  });
});

it('nothing is nothing', async () => {
  expect((await gather(unpackLayer(cut(Buffer.alloc(0), 1)))).length).toBe(0);
});

it.each([
  ['gzip cut short', gzipSync(CONTENT).subarray(0, -20)],
  ['gzip with other bytes in it', gzipSync(CONTENT).fill(7, 100, 120)],
  ['zstd with something behind it', Buffer.concat([zstdCompressSync(CONTENT), Buffer.from('other')])],
  ['zstd with other bytes in it', zstdCompressSync(CONTENT).fill(7, 20, 40)],
])('%s is a fault of the layer', async (_, packed) => {
  await expect(gather(unpackLayer(cut(packed, 1000)))).rejects.toMatchObject({
    name: 'LayerFault',
    message: expect.stringMatching(/^it cannot be unpacked \(.+\)$/),
  });
});

it('what fails at its end fails, though all was unpacked by then', async () => {
  const failing = (async function* () {
    yield gzipSync(CONTENT);
    throw new Error('the digest is wrong');
  })();
  await expect(gather(unpackLayer(failing))).rejects.toThrow('the digest is wrong');
});

it('what fails below is said as it was', async () => {
  const failing = (async function* () {
    yield gzipSync(CONTENT).subarray(0, 50);
    throw new Error('the disk is gone');
  })();
  await expect(gather(unpackLayer(failing))).rejects.toThrow('the disk is gone');
});

it('a layer of a few bytes that unpacks to gigabytes is refused before it does', async () => {
  const zeros = zstdCompressSync(Buffer.alloc(256 * 1024 ** 2));
  const bomb = Buffer.concat([zeros, zeros, zeros, zeros, zeros, zeros, zeros, zeros]);
  let sizeBytes = 0;
  const count = async () => {
    for await (const chunk of unpackLayer(cut(bomb, 1000))) sizeBytes += chunk.length;
  };
  await expect(count()).rejects.toMatchObject({
    code: 'SOURCE_TOO_LARGE',
    message: expect.stringMatching(/^the layer a of b unpacks to more than 200 times its [0-9]+ bytes$/),
    hint: expect.stringContaining('engine'),
  });
  expect(sizeBytes).toBeLessThan(1.1 * 1024 ** 3);
});

it('who stops reading stops the reading', async () => {
  let isOver = false;
  const endless = (async function* () {
    try {
      for (;;) yield gzipSync(CONTENT);
    } finally {
      isOver = true;
    }
  })();
  for await (const _ of unpackLayer(endless)) break;
  await expect.poll(() => isOver).toBe(true);
});
