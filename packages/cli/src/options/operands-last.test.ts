import { expect, it } from 'vitest';
import { operandsLast } from './operands-last.js';
import { optionGroup } from './option.js';

const { options: definitions } = optionGroup('Options', {
  in: { type: 'text', value: 'FILE', description: '' },
  json: { type: 'flag', description: '' },
  output: { type: 'text', alias: 'o', value: 'FILE', description: '' },
});

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
  const { options, operands } = operandsLast(given.split(' '), definitions);
  expect([...options, ...operands].join(' ')).toBe(ordered);
});
