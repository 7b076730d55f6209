import { expect, it } from 'vitest';
import { nextCell } from './page/next-cell.js';

/** Letters on a grid of squares: an area is where its letter is. */
function cellsOf(...rows: readonly string[]) {
  const names = [...new Set(rows.join(''))].sort();
  return names.map((name) => {
    const top = rows.findIndex((row) => row.includes(name));
    const left = rows[top]?.indexOf(name) ?? 0;
    const width = (rows[top]?.lastIndexOf(name) ?? 0) - left + 1;
    const height = rows.filter((row) => row.includes(name)).length;
    return { name, left, top, width, height };
  });
}

const CELLS = cellsOf('aaab', 'aaac', 'ddec');

it.each([
  ['a', 'ArrowRight', 'b'],
  ['a', 'ArrowDown', 'd'],
  ['b', 'ArrowDown', 'c'],
  ['b', 'ArrowLeft', 'a'],
  ['c', 'ArrowLeft', 'a'],
  ['e', 'ArrowRight', 'c'],
  ['e', 'ArrowUp', 'a'],
  ['d', 'ArrowLeft', undefined],
  ['a', 'ArrowUp', undefined],
  ['c', 'ArrowUp', 'b'],
  ['d', 'ArrowRight', 'e'],
  ['c', 'Home', 'a'],
  ['a', 'End', 'e'],
  ['a', 'x', undefined],
])('from %s, %s leads to %s', (from, key, to) => {
  const start = CELLS.find(({ name }) => name === from);
  expect(start && nextCell(key, start, CELLS)?.name).toBe(to);
});
