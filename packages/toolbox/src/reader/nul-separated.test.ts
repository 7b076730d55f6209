import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nulSeparated } from './nul-separated.js';

it('ends each path with a NUL, byte for byte, in pieces', () => {
  const name = fc
    .array(fc.integer({ min: 1, max: 255 }), { maxLength: 300 })
    .map((bytes) => String.fromCharCode(...bytes));
  fc.assert(
    fc.property(fc.array(name), (paths) => {
      const text = Buffer.concat([...nulSeparated(paths)]).toString('latin1');
      expect(text).toBe(paths.map((path) => `${path}\0`).join(''));
    }),
  );
});

it('is cut into pieces of about 64 KiB', () => {
  const pieces = [...nulSeparated(Array.from({ length: 3000 }, () => '/x'.repeat(50)))];
  expect(pieces.length).toBe(5);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(65 * 1024 + 200);
});
