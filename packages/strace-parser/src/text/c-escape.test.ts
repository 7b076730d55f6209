import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteString } from '../../test/arbitraries.ts';
import { escapeC, unescapeC } from './c-escape.js';

describe('unescapeC', () => {
  it.each([
    ['plain', 'plain'],
    ['\\"\\\\\\t\\n\\v\\f\\r', '"\\\t\n\v\f\r'],
    ['x\\0017', 'x\u00017'],
    ['x\\1qq', 'x\u0001qq'],
    ['\\33[31m\\177', '\u001b[31m\u007f'],
    ['\\303\\251', '\u00c3\u00a9'],
    ['\\x7f\\x45', '\u007fE'],
    ['\\0\\0\\0', '\0\0\0'],
    ['a\\74b\\76c', 'a<b>c'],
    ['ends in a slash\\', 'ends in a slash\\'],
    ['\\q', 'q'],
  ])('reads %s', (raw, bytes) => expect(unescapeC(raw)).toBe(bytes));
});

describe('escapeC', () => {
  it('is undone by unescapeC, in every style', () => {
    fc.assert(
      fc.property(
        byteString,
        fc.constantFrom('octal' as const, 'hex' as const),
        fc.constantFrom('', '<>'),
        (bytes, style, hide) => {
          expect(unescapeC(escapeC(bytes, style, hide))).toBe(bytes);
        },
      ),
    );
  });

  it('uses three digits only before a digit, as strace does', () => {
    expect(escapeC('\u00017\u0001q')).toBe('\\0017\\1q');
  });
});
