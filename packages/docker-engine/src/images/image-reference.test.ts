import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseImageReference, parseTagReference } from './image-reference.js';

const DIGEST = `sha256:${'a1'.repeat(32)}`;
const INVALID = expect.objectContaining({ code: 'REFERENCE_INVALID' });

describe('a reference', () => {
  it.each([
    ['debian', { repository: 'debian' }],
    ['debian:bookworm-slim', { repository: 'debian', tag: 'bookworm-slim' }],
    ['a/b/c:1', { repository: 'a/b/c', tag: '1' }],
    ['localhost:5000/a', { repository: 'localhost:5000/a' }],
    ['registry.example.com:443/a/b:v1.2_x', { repository: 'registry.example.com:443/a/b', tag: 'v1.2_x' }],
    ['UPPER.example.com/a', { repository: 'UPPER.example.com/a' }],
    ['[2001:db8::1]:5000/a', { repository: '[2001:db8::1]:5000/a' }],
    ['a__b.c-d--e', { repository: 'a__b.c-d--e' }],
    [`a@${DIGEST}`, { repository: 'a', digest: DIGEST }],
    [`a:t@${DIGEST}`, { repository: 'a', tag: 't', digest: DIGEST }],
    [`a:${'t'.repeat(128)}`, { repository: 'a', tag: 't'.repeat(128) }],
    ['n'.repeat(255), { repository: 'n'.repeat(255) }],
  ])('%s', (text, expected) => {
    expect(parseImageReference(text)).toEqual(expected);
  });

  it.each([
    '',
    ' ',
    'A',
    'Debian',
    'a b',
    'a:',
    ':a',
    'a:b:c',
    'a/',
    '/a',
    'a//b',
    'a..b',
    'a___b',
    '-a',
    'a-',
    'a_',
    '.a',
    `a:${'t'.repeat(129)}`,
    'a:-t',
    'a:.t',
    'n'.repeat(256),
    'f'.repeat(64),
    'a@sha256:12',
    `a@${DIGEST}:t`,
    'a\n',
    'é',
  ])('that is none: %j', (text) => {
    expect(() => parseImageReference(text)).toThrow(INVALID);
  });

  it('comes back when its parts are joined', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const repository = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('/'));
    fc.assert(
      fc.property(repository, fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/)), (name, tag) => {
        const expected = tag === null ? { repository: name } : { repository: name, tag };
        expect(parseImageReference(tag === null ? name : `${name}:${tag}`)).toEqual(expected);
      }),
    );
  });
});

describe('a name for a result', () => {
  it('is latest without a tag', () => {
    expect(parseTagReference('a/b')).toEqual({ repository: 'a/b', tag: 'latest' });
    expect(parseTagReference('a/b:1')).toEqual({ repository: 'a/b', tag: '1' });
  });

  it('cannot be a digest', () => {
    expect(() => parseTagReference(`a@${DIGEST}`)).toThrow(INVALID);
  });
});
