import { expect, it } from 'vitest';
import { operandsLast } from './operands-last.js';

const definitions = {
  in: { type: 'string' },
  json: { type: 'boolean' },
  output: { type: 'string', alias: 'o' },
} as const;

it.each([
  ['a --in x b --json', '--in x --json a b'],
  ['--in=x a --json', '--in=x --json a'],
  ['--json a', '--json a'],
  ['a --unknown b', '--unknown a b'],
  ['a -- --json', 'a --json'],
  ['a --in', '--in a'],
  ['a -o x b', '-o x a b'],
  ['', ''],
])('%j', (given, ordered) => {
  expect(operandsLast(given.split(' '), definitions).join(' ')).toBe(ordered);
});
