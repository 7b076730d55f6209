import { describe, expect, it } from 'vitest';
import { headersFor, toWebAddress } from './send-request.js';

describe('a password that was shown to one address', () => {
  it.each([
    ['https://a/1', 'https://a/2', true],
    ['http://a/1', 'http://a/2', true],
    ['http://a/1', 'https://a/2', true],
    ['https://a/1', 'http://a/2', false],
    ['https://a/1', 'https://b/1', false],
    ['https://a/1', 'https://a:444/1', false],
  ])('of %s, is shown at %s: %s', (from, to, isShown) => {
    const headers = { accept: 'x', authorization: 'Basic bWU=' };
    const expected = isShown ? headers : { accept: 'x' };
    expect(headersFor(new URL(to), new URL(from), headers)).toEqual(expected);
  });
});

it.each([
  ['/v2/a', 'http://here/v2/a'],
  ['https://there/a', 'https://there/a'],
  ['file:///etc/passwd', undefined],
  ['http://[', undefined],
])('%s is the address %s', (text, expected) => {
  expect(toWebAddress(text, new URL('http://here'))?.href).toBe(expected);
});
