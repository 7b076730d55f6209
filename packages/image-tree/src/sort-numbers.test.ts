import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortNumbers } from './sort-numbers.js';

it('sorts as the standard does, equals in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), (values) => {
      const compare = (one: number, other: number) => (values[one] ?? 0) - (values[other] ?? 0);
      const numbers = values.map((_, index) => index);
      expect([...sortNumbers(Uint32Array.from(numbers), compare)]).toEqual(numbers.sort(compare));
    }),
  );
});
