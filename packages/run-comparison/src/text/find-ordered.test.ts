import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOrdered, isNoChance } from './find-ordered.js';

const words = (text: string) => text.split(' ');

describe('of pieces in several orders, those are found that keep theirs', () => {
  it.each([
    ['all, where none moves', ['a b c', 'a b c', 'a b c'], 'a b c'],
    ['a title and a sum', ['t a b c s', 't c a b s', 't b c a s'], 't s'],
    ['none', ['a b c', 'c a b'], ''],
    ['what stands between two groups', ['a b - c d', 'b a - d c'], '-'],
    ['what is last in one of them only', ['a b c d', 'b a d c', 'a b d c'], ''],
    [
      'a long list through which one moves',
      [
        'x 01 02 03 04 05 06 07 08 09 10 11 12',
        '01 02 03 04 05 x 06 07 08 09 10 11 12',
        '01 02 03 04 05 06 07 08 09 10 11 12 x',
      ],
      '01 02 03 04 05 06 07 08 09 10 11 12',
    ],
  ])('%s', (_what, sequences, kept) => {
    expect(findOrdered(sequences.map(words)).join(' ')).toBe(kept);
  });
});

const sequences = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { maxLength: 12 })
  .chain((pieces) => {
    const shuffled = fc.shuffledSubarray(pieces, { minLength: pieces.length });
    return fc.array(shuffled, { minLength: 1, maxLength: 4 });
  });

it('they keep it in each of the sequences', () => {
  fc.assert(
    fc.property(sequences, (all) => {
      const kept = findOrdered(all);
      for (const each of all) expect(each.filter((piece) => kept.includes(piece))).toEqual(kept);
    }),
  );
});

it.each([
  [false, 3, 3, 2],
  [false, 5, 3, 5],
  [true, 100, 99, 2],
  [true, 12, 12, 2],
  [true, 5, 5, 5],
])('tells chance from order: %s for %i pieces of which %i keep it in %i sequences', (is, ...numbers) => {
  expect(isNoChance(...numbers)).toBe(is);
});
