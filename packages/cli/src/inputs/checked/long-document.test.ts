import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { longDocument } from './long-document.js';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('a: b', '- a', '*', '&a', '#'),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 7, 0.5),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
}));
const written = fc.tuple(
  fc.dictionary(text, fc.oneof(value, fc.array(value, { maxLength: 9 })), { maxKeys: 4 }),
  fc.constantFrom('BLOCK', 'FLOW', undefined).map((style) => ({
    ...(style !== undefined && { collectionStyle: style as 'block' }),
    lineWidth: 20,
  })),
);

const OPTIONS = { prettyErrors: false, stringKeys: true, logLevel: 'error' } as const;

it('read in pieces is what it is as a whole', () => {
  let read = 0;
  fc.assert(
    fc.property(written, fc.integer({ min: 1, max: 4 }), ([whole, style], pieceItems) => {
      const yaml = stringify(whole, style);
      const found = longDocument(yaml, { ...OPTIONS, pieceItems });
      if (found === undefined) return;
      read++;
      expect(found.value).toEqual(parse(yaml, OPTIONS));
    }),
    { numRuns: 500 },
  );
  expect(read).toBeGreaterThan(100);
});

describe('a list is whole', () => {
  it.each([
    ['of names', 'images:\n- a\n- b\n- c\n- d\n- e\njobs: 2\n'],
    [
      'of objects, with comments between them',
      'a: 1\nimages:\n  # one\n  - b: 1\n    c: 2\n\n  - {b: 3}\n  # two\n  - b: |\n      - x\n      - y\n  - "z"\n',
    ],
    ['of lists', 'images:\n  - - a\n    - b\n    - c\n  - [d]\n  - - e\n'],
    ['one of two', '"a b":\n  - 1\n  - 2\n  - 3\nc:\n  - 4\n  - 5\n  - 6\n'],
    ['at the end of a line of its own', '---\r\nimages:\r\n- a\r\n- b\r\n- \r\n...\r\n'],
  ])('%s', (_, yaml) => {
    expect(longDocument(yaml, { ...OPTIONS, pieceItems: 2 })).toEqual({ value: parse(yaml, OPTIONS) });
  });
});

it.each([
  ['an alias', 'a: &a 1\nimages:\n- 1\n- 2\n- *a\n'],
  ['a tag', 'images: !!set\n- 1\n- 2\n- 3\n'],
  ['a key twice', 'images:\n- 1\n- 2\n- 3\nimages:\n- 4\n'],
  ['a key twice in an item', 'images:\n- 1\n- {a: 1, a: 2}\n- 3\n'],
  ['an item that is further to the left', 'images:\n  - 1\n  - 2\n  - 3\n - 4\n'],
  ['two documents', 'images:\n- 1\n- 2\n- 3\n---\na: 1\n'],
  ['what is no YAML', 'images:\n- 1\n- 2\n- 3\n- [4\n'],
])('one with %s is left to be read as a whole', (_, yaml) => {
  expect(longDocument(yaml, { ...OPTIONS, pieceItems: 2 })).toBeUndefined();
});
