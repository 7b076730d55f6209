import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type SearchedEntry, searchPaths } from './page/search-paths.js';

function entry(path: string, sizeBytes: number, state: SearchedEntry['state'] = 'kept'): SearchedEntry {
  return { path, type: 'file', sizeBytes, state, owners: [], why: [], programs: [] };
}

const ENTRIES = [
  entry('/usr/bin/perl', 4_000_000),
  entry('/usr/lib/libperl.so', 3_000_000),
  entry('/usr/share/perl/big', 9_000_000, 'removed'),
  entry('/usr/share/perl/small.pm', 10, 'stub'),
  entry('/usr/share/perl', 0),
  entry('/var/lib/dpkg/status.d/perl', 700, 'generated'),
  entry('/opt/perl', 5_000_000, 'removed'),
];

it.each([
  [
    'perl',
    [
      '/usr/bin/perl',
      '/usr/lib/libperl.so',
      '/var/lib/dpkg/status.d/perl',
      '/usr/share/perl/small.pm',
      '/usr/share/perl',
      '/usr/share/perl/big',
      '/opt/perl',
    ],
  ],
  ['/OPT/perl', ['/opt/perl']],
  ['/usr/share/perl', ['/usr/share/perl', '/usr/share/perl/small.pm', '/usr/share/perl/big']],
  ['bin/perl', ['/usr/bin/perl']],
  ['share  big', ['/usr/share/perl/big']],
  ['usr lib', ['/usr/lib/libperl.so']],
  ['nothing', []],
  [' ', []],
])('%j finds %j', (query, paths) => {
  expect(searchPaths(ENTRIES, query).map(({ path }) => path)).toEqual(paths);
});

const anyEntry = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 }),
    fc.nat(3),
    fc.constantFrom('kept' as const, 'stub' as const, 'removed' as const, 'generated' as const),
  )
  .map(([names, sizeBytes, state]) => entry(`/${names.join('/')}`, sizeBytes, state));

it('finds what has all words: what was kept before what was removed, and of each the largest first', () => {
  fc.assert(
    fc.property(fc.array(anyEntry), fc.constantFrom('a', 'b', 'ab', 'a b'), (entries, query) => {
      const found = searchPaths(entries, query);
      const words = query.split(' ');
      expect(new Set(found)).toEqual(
        new Set(entries.filter(({ path }) => words.every((word) => path.includes(word)))),
      );
      const isRemoved = found.map(({ state }) => state === 'removed');
      expect(isRemoved).toEqual([...isRemoved].sort());
      for (const side of [true, false]) {
        const sizes = found.filter((_, index) => isRemoved[index] === side).map(({ sizeBytes }) => sizeBytes);
        expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
      }
    }),
  );
});
