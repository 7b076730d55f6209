import { describe, expect, it } from 'vitest';
import { Renames } from './renames.js';

describe('Renames', () => {
  it.each<[law: string, renames: [from: string, to: string][], path: string, origin: string | undefined]>([
    ['nothing was renamed', [], '/a', undefined],
    ['a file has its first name', [['/a', '/b']], '/b', '/a'],
    ['what is below a directory, too', [['/a', '/b']], '/b/c/d', '/a/c/d'],
    ['a name that only begins alike does not', [['/a', '/b']], '/bc', undefined],
    [
      'a name given on leads to the first',
      [
        ['/a', '/b'],
        ['/b', '/c'],
      ],
      '/c/x',
      '/a/x',
    ],
    [
      'a name given up leads nowhere',
      [
        ['/a', '/b'],
        ['/b', '/c'],
      ],
      '/b/x',
      undefined,
    ],
    [
      'there and back is where it was',
      [
        ['/a', '/b'],
        ['/b', '/a'],
      ],
      '/a',
      undefined,
    ],
    [
      'from within a renamed directory',
      [
        ['/a', '/b'],
        ['/b/x', '/c'],
      ],
      '/c',
      '/a/x',
    ],
    [
      'the nearest renamed directory counts',
      [
        ['/a', '/b'],
        ['/d', '/b/d'],
      ],
      '/b/d/x',
      '/d/x',
    ],
    ['slashes and dots do not matter', [['/a/', '/./b']], '//b/.//c/.', '/a/c'],
    [
      'a name given anew leads to the last',
      [
        ['/a', '/t'],
        ['/b', '/t'],
      ],
      '/t',
      '/b',
    ],
    ['the root may be asked for', [['/a', '/b']], '/', undefined],
  ])('%s', (_law, pairs, path, origin) => {
    const renames = new Renames();
    for (const [from, to] of pairs) renames.add(from, to);
    expect(renames.originOf(path)).toBe(origin);
  });
});
