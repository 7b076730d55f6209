import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainLine, plainText } from './plain-text.js';

describe('text of others in one line', () => {
  it.each([
    ['what it is', 'libc6 2.36-9+deb12u10 ü 漢 🎉', 'libc6 2.36-9+deb12u10 ü 漢 🎉'],
    ['the end of a line', 'a\nb\r\nc', 'a\\u000ab\\u000d\\u000ac'],
    ['a sequence for the terminal', '\x1b[2K\x1b[1A\x9b', '\\u001b[2K\\u001b[1A\\u009b'],
    ['another direction', 'a\u202eb\u2066', 'a\\u202eb\\u2066'],
    ['other ends of lines', '\u2028\u2029\u0085', '\\u2028\\u2029\\u0085'],
    ['half a character', '\ud800', '\\ud800'],
  ])('%s', (_what, text, expected) => {
    expect(plainLine(text)).toBe(expected);
  });
});

it('no text leaves a sign that acts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plainLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
      expect(plainText(text).replaceAll(/\x1b\[\d{1,2}m|\n|\t/g, '')).not.toMatch(/\p{Cc}/u);
    }),
  );
});

it('lines and colours of ours stay, and JSON says the same', () => {
  expect(plainText('a\n\tb \x1b[32m█\x1b[39m\n')).toBe('a\n\tb \x1b[32m█\x1b[39m\n');
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(JSON.parse(plainText(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
