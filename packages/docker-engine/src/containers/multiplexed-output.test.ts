import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMultiplexedOutput } from './multiplexed-output.js';

function frame(stream: number, payload: Uint8Array): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}
async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

/** Neighbours of the same stream joined: pieces are as the transport cut them. */
async function read(bytes: Uint8Array, sizes: readonly number[] = []) {
  const joined: [string, string][] = [];
  for await (const { stream, bytes: piece } of readMultiplexedOutput(inPieces(bytes, sizes))) {
    const last = joined.at(-1);
    const text = Buffer.from(piece).toString('latin1');
    if (last?.[0] === stream) last[1] += text;
    else joined.push([stream, text]);
  }
  return joined;
}

describe('an output stream', () => {
  it('comes out in order and whole, whatever the chunks', async () => {
    const payloads = fc.array(fc.tuple(fc.constantFrom(0, 1, 2), fc.uint8Array({ maxLength: 40 })));
    await fc.assert(
      fc.asyncProperty(payloads, fc.array(fc.nat({ max: 30 })), async (frames, sizes) => {
        const bytes = Buffer.concat(frames.map(([stream, payload]) => frame(stream, payload)));
        expect(await read(bytes, sizes)).toEqual(await read(bytes));
        const textOf = (wanted: string, pieces: [string, string][]) =>
          pieces
            .filter(([stream]) => stream === wanted)
            .map(([, text]) => text)
            .join('');
        const found = await read(bytes, sizes);
        for (const name of ['stdout', 'stderr']) {
          const sent = frames.filter(([stream]) => (stream === 2) === (name === 'stderr'));
          expect(textOf(name, found)).toBe(
            sent.map(([, payload]) => Buffer.from(payload).toString('latin1')).join(''),
          );
        }
      }),
    );
  });

  it('is nothing when there is nothing', async () => {
    expect(await read(Buffer.alloc(0))).toEqual([]);
    expect(await read(frame(1, Buffer.alloc(0)))).toEqual([]);
  });

  it.each([
    ['ends in a header', Buffer.from([1, 0, 0]), 'middle of a frame'],
    ['ends in a payload', frame(1, Buffer.from('abc')).subarray(0, 9), 'middle of a frame'],
    ['ends before a payload', frame(1, Buffer.from('abc')).subarray(0, 8), 'middle of a frame'],
    ['has a stream that there is not', frame(3, Buffer.from('a')), 'stream number 3'],
  ])('is an error when it %s', async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining(message),
    });
  });
});
