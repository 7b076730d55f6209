import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { copyingTo } from './copying-to.js';

const PIECES = ['one', 'two', 'three'].map((text) => Buffer.from(text));

/** Takes what it is given, one piece after the other. */
function sink(onPiece: () => void = () => {}) {
  const taken: string[] = [];
  const stream = new Writable({
    highWaterMark: 1,
    write(piece: Buffer, _, done) {
      taken.push(piece.toString());
      setImmediate(() => {
        onPiece();
        done();
      });
    },
  });
  return { stream, taken };
}

describe('what passes is copied', () => {
  it('to its end', async () => {
    const [copy, client] = [sink(), sink()];
    await pipeline(Readable.from(PIECES), copyingTo(copy.stream), client.stream);
    expect([client.taken, copy.taken]).toEqual([
      ['one', 'two', 'three'],
      ['one', 'two', 'three'],
    ]);
    expect(copy.stream.writableEnded).toBe(true);
  });

  it('as far as the copy is taken: its end is not that of the client', async () => {
    const client = sink();
    const copy = sink(() => copy.stream.destroy());
    await pipeline(Readable.from(PIECES), copyingTo(copy.stream), client.stream);
    expect([client.taken, copy.taken]).toEqual([['one', 'two', 'three'], ['one']]);
  });

  it('until the client goes away', async () => {
    const copy = sink();
    const client = sink(() => client.stream.destroy());
    const endless = Readable.from(
      (function* () {
        for (;;) yield PIECES[0];
      })(),
    );
    await expect(pipeline(endless, copyingTo(copy.stream), client.stream)).rejects.toThrow();
    expect(copy.stream.writableEnded).toBe(true);
  });
});
