import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseExactJson } from './exact-json.js';

it.each(['9223372036854775807', '-9223372036854775808', '1e400', '0.1000', '-1', '0', '1E2'])(
  'the number %s stays as it is written',
  (number) => {
    expect(JSON.stringify(parseExactJson(`{"a":[${number}]}`))).toBe(`{"a":[${number}]}`);
  },
);

it('all else is what JSON.parse makes of it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(parseExactJson(text))).toBe(text);
    }),
  );
});
