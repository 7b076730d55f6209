import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteRanges } from './byte-ranges.js';

const AROUND = 32;
const offsets = fc
  .array(fc.integer({ min: 0, max: 3000 }), { maxLength: 30 })
  .map((all) => [...new Set(all)].sort((left, right) => left - right));

function rangesOf(all: readonly number[]): ByteRanges {
  const ranges = new ByteRanges(AROUND);
  for (const offset of all) ranges.add(offset);
  return ranges;
}

/** What is near an offset, or between two whose surroundings meet. */
function covered(all: readonly number[], offset: number): boolean {
  if (all.some((each) => Math.abs(each - offset) <= AROUND)) return true;
  const before = all.findLast((each) => each < offset);
  const after = all.find((each) => each > offset);
  return before !== undefined && after !== undefined && after - before - 1 <= 2 * AROUND;
}

it('holds what is around each offset', () => {
  fc.assert(
    fc.property(offsets, (all) => {
      const ranges = rangesOf(all);
      const wrong = Array.from({ length: 3100 }, (_, offset) => offset).filter(
        (offset) => ranges.has(offset) !== covered(all, offset),
      );
      expect(wrong).toEqual([]);
    }),
  );
});

it('is within others if each of its offsets is, and what lies between them', () => {
  fc.assert(
    fc.property(offsets, offsets, (some, all) => {
      const isWithin = rangesOf(some).isWithin(rangesOf(all));
      if (isWithin) for (const offset of some) expect(rangesOf(all).has(offset)).toBe(true);
      expect(rangesOf(all).isWithin(rangesOf([...new Set([...some, ...all])].sort((a, b) => a - b)))).toBe(
        true,
      );
    }),
  );
});

it('is full of more places than a content has that varies by places', () => {
  const ranges = rangesOf(Array.from({ length: 10_001 }, (_, at) => at * 1000));
  expect(ranges.isFull).toBe(true);
});
