import { expect, it } from 'vitest';
import { csvTable, jsonList, textTable } from './text-table.js';

it('lines up text to the left and numbers to the right', () => {
  const columns = [{ title: 'NAME' }, { title: 'N', isNumber: true }, { title: 'LAST' }];
  expect(
    [
      ...textTable(columns, [
        ['a', '1000', 'x'],
        ['longer', '7', ''],
      ]),
    ].join(''),
  ).toBe('NAME       N  LAST\na       1000  x\nlonger     7\n');
});

it('quotes what CSV must have quoted', () => {
  expect([...csvTable(['a', 'b'], [['1,2', 'say "x"']])].join('')).toBe('a,b\n"1,2","say ""x"""\n');
});

it.each([[[]], [[1]], [[{ a: [] }, null, 'x']]])('makes of %j the JSON that it is', (items) => {
  expect([...jsonList(items)].join('')).toBe(JSON.stringify(items));
});
