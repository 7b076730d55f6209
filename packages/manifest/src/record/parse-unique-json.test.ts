import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseUniqueJson, RepeatedKeyError } from './parse-unique-json.js';

it('is JSON.parse', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, space) => {
      const text = JSON.stringify(value, undefined, space);
      expect(parseUniqueJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

it.each([
  ['at the top', '{"a":1,"b":2,"a":3}', '"a"', 1],
  ['deep inside', '[{"a":[{"b":{\n"c":1,\n"c":1}}]}]', '"c"', 3],
  ['spelt otherwise', '{"ab":1,"\\u0061b":2}', '"\\u0061b"', 1],
  ['behind an object', '{"a":{"b":1},"a":1}', '"a"', 1],
  ['behind a text that looks like one', '{"a":"}{,[\\"","b":[1,"x"],\n"a":1}', '"a"', 2],
  ['that is no name of ours', '{"__proto__":1,"__proto__":2}', '"__proto__"', 1],
])('a key that stands twice, %s, is an error', (_, text, key, line) => {
  const message = `${key} stands twice in one object: line ${line}`;
  expect(() => parseUniqueJson(text)).toThrow(new RepeatedKeyError(message));
});

it.each(['[{"a":1},{"a":2}]', '{"a":{"a":{"a":"a"}}}', '["a","a"]', '{"a":["b","b"]}'])(
  'the same key of several objects, or the same text in a list, is none: %s',
  (text) => expect(parseUniqueJson(text)).toEqual(JSON.parse(text)),
);

it('what is not JSON is an error of syntax', () => {
  expect(() => parseUniqueJson('{"a":1,"a":')).toThrow(SyntaxError);
});
