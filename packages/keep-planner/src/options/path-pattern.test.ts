import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePathPattern } from './path-pattern.js';

describe('parsePathPattern', () => {
  it.each<[pattern: string, matching: string[], other: string[]]>([
    ['/usr/share/doc', ['/usr/share/doc'], ['/usr/share', '/usr/share/doc/x', '/usr/share/docs']],
    ['/usr/share/doc/', ['/usr/share/doc'], ['/usr/share/doc/x']],
    ['/', ['/'], ['/usr']],
    ['/usr/*/doc', ['/usr/share/doc', '/usr/.hidden/doc'], ['/usr/doc', '/usr/a/b/doc']],
    ['/usr/**', ['/usr', '/usr/a', '/usr/a/.b/c', '/usr/new\nline/x'], ['/usrx', '/']],
    ['/usr/**/*.so', ['/usr/a.so', '/usr/a/b/c.so'], ['/usr/a.so.1']],
    ['*.md', ['/README.md', '/a/b/c.md', '/a/.md'], ['/a.md/b', '/a.mdx']],
    ['doc/*.md', ['/doc/a.md', '/usr/doc/a.md'], ['/usr/doc/b/a.md', '/usr/mydoc/a.md']],
    ['/**/x', ['/x', '/a/x', '/a/b/x'], ['/x/a']],
    ['lib?.so', ['/liba.so'], ['/lib.so', '/libab.so']],
    ['[ab]', ['/a', '/x/b'], ['/c']],
    ['*.{txt,md}', ['/a.txt', '/a.md'], ['/a.tx']],
    ['\\*', ['/*'], ['/a']],
    ['caf?', ['/caf\xc3\xa9', '/cafe'], ['/caf\xc3\xa9s']],
    ['café', ['/caf\xc3\xa9'], ['/caf\xe9x']],
    ['caf*', ['/caf\xe9', '/caf\xff\xfe'], []],
    ['*', ['/a', '/new\nline', '/.dot', '/ '], []],
  ])('%s', (pattern, matching, other) => {
    const { matches } = parsePathPattern(pattern);
    expect(matching.filter((path) => !matches(path))).toEqual([]);
    expect(other.filter(matches)).toEqual([]);
  });

  it.each(['', '../x', '/usr/./x', '/usr/..', '.', '[a', '{a'])('refuses %j', (pattern) => {
    expect(() => parsePathPattern(pattern)).toThrow(expect.objectContaining({ code: 'PLAN_BAD_PATTERN' }));
  });

  it('is a path where there is nothing in it to match', () => {
    expect(parsePathPattern('/usr/share/').literal).toBe('/usr/share');
    expect(parsePathPattern('/usr/*').literal).toBeUndefined();
    expect(parsePathPattern('usr').literal).toBeUndefined();
  });

  it('matches itself when it is a path', () => {
    const name = fc.stringMatching(/^[a-zA-Z0-9_ .,:=~^$&%#é-]+$/).filter((text) => !/^\.\.?$/.test(text));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const path = `/${names.join('/')}`;
        const bytes = Buffer.from(path, 'utf8').toString('latin1');
        expect(parsePathPattern(path).matches(bytes)).toBe(true);
      }),
    );
  });
});
