import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StringTable } from './string-table.js';

/** Byte strings, many of which differ in one place only. */
const byteString = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '/', '\xff'), maxLength: 4 }),
  // Longer than what is held in one piece.
  fc.constantFrom('', 'a', '\xff').map((end) => `/${'long/'.repeat(20_000)}${end}`),
);

it('gives each string one number, in the order in which they came, and the string back', () => {
  fc.assert(
    fc.property(fc.array(byteString), (strings) => {
      const table = new StringTable();
      const different = [...new Set(strings)];
      expect(strings.map((each) => table.add(each))).toEqual(strings.map((each) => different.indexOf(each)));
      expect(table.size).toBe(different.length);
      expect(different.map((_, index) => table.at(index))).toEqual(different);
      expect(table.indexOf('/nothing/of/the/kind')).toBeUndefined();
      expect(Array.from(table.sorted(), (index) => table.at(index))).toEqual([...different].sort());
    }),
  );
});

it('finds each of many strings, across all its chunks', () => {
  const table = new StringTable();
  const pathOf = (number: number) => `/folder-${number % 97}/file-${number}`;
  const numbers = Array.from({ length: 20_000 }, (_, number) => number);
  for (const number of numbers) table.add(pathOf(number));
  expect(numbers.filter((number) => table.indexOf(pathOf(number)) !== number)).toEqual([]);
  expect(numbers.filter((number) => table.at(number) !== pathOf(number))).toEqual([]);
  expect(table.indexOf(pathOf(20_000))).toBeUndefined();
});
