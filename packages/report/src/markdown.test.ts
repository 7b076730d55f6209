import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markdownTable, toMarkdown } from './markdown.js';

it('text of others is one line of plain text, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(toMarkdown(text)).toMatch(/^(?:[\p{L}\p{N} ./,-]|&#\d+;)*$/u);
    }),
  );
});

it('text of others shows as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 200 }), (text) => {
      const shown = toMarkdown(text).replace(/&#(\d+);/g, (_, code: string) =>
        String.fromCodePoint(Number(code)),
      );
      expect(shown).toBe(text);
    }),
  );
});

it('a table has a row a line', () => {
  expect(markdownTable(['a', 'b'], [['1', toMarkdown('x|y\n')]], { numbers: true })).toBe(
    '| a | b |\n| --- | ---: |\n| 1 | x&#124;y&#92;u000a |\n',
  );
});
