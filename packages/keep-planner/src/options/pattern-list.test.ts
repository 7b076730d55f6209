import { expect, it } from 'vitest';
import { parsePatternList } from '../index.js';

it.each<[text: string, patterns: string[]]>([
  ['', []],
  ['/usr/share\n*.md', ['/usr/share', '*.md']],
  ['# why\r\n\r\n  /a b  \r\n', ['/a b']],
  ['/ends in a blank\\ \n', ['/ends in a blank\\ ']],
  ['\\#name\n', ['\\#name']],
])('%j', (text, patterns) => {
  expect(parsePatternList(text)).toEqual(patterns);
});
