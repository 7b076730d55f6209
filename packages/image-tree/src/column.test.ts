import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Column } from './column.js';

const CHUNK_LENGTH = 4096;

it('gives what was set, 0 for the rest, one by one and in an array of any length', () => {
  const place = fc.nat(3 * CHUNK_LENGTH);
  fc.assert(
    fc.property(fc.array(fc.tuple(place, fc.nat(255))), fc.nat(4 * CHUNK_LENGTH), (settings, length) => {
      const column = new Column((size) => new Uint8Array(size));
      const expected = new Uint8Array(length);
      for (const [index, value] of settings) {
        column.set(index, value);
        expected[index] = value;
      }
      const copied = new Uint8Array(length);
      column.copyTo(copied);
      expect(Buffer.compare(copied, expected)).toBe(0);
      for (const [index] of settings) if (index < length) expect(column.at(index)).toBe(expected[index]);
    }),
  );
});
