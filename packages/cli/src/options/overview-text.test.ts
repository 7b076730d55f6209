import { expect, it } from 'vitest';
import { COMMANDS } from '../registry.js';
import { overviewText } from './overview-text.js';

const definitions = COMMANDS.map(({ definition }) => definition);
const OVERVIEW = {
  about: 'It looks.',
  beginnings: [
    { does: 'look', line: 'look FILE' },
    { does: 'see', line: 'see FILE' },
  ],
} as const;

it('says how one begins, and lists each command once, with what it does', () => {
  const text = overviewText(definitions, OVERVIEW, 100);
  expect(text).toContain('\n\nIt looks.\n\nBegin with:\n  # look\n  keepset look FILE\n  # see\n');
  for (const { name, summary } of definitions)
    expect(text.match(new RegExp(`^  ${name} +(.*)$`, 'm'))?.[1]).toBe(summary);
});

it.each([40, 60, 80])('fits into %i columns', (columns) => {
  const lines = overviewText(definitions, OVERVIEW, columns).split('\n');
  expect(lines.filter((line) => line.length > columns)).toEqual([]);
});
