import { expect, it } from 'vitest';
import { operandsLast } from './operands-last.js';

const definitions = { in: { type: 'string' }, json: { type: 'boolean' } } as const;

it.each([
  ['a --in x b --json', '--in x --json a b'],
  ['--in=x a --json', '--in=x --json a'],
  ['--json a', '--json a'],
  ['a --unknown b', '--unknown a b'],
  ['a -- --json', 'a --json'],
  ['a --in', '--in a'],
  ['', ''],
])('%j', (given, ordered) => {
  expect(operandsLast(given.split(' '), definitions).join(' ')).toBe(ordered);
});
