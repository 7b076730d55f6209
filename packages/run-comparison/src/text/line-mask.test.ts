import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnLineMask } from './line-mask.js';

describe('only the field that varied is masked', () => {
  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    [
      'a duration beside a count',
      ['took 0.123 s for 12 files', 'took 1.5 s for 12 files'],
      ['took 0.9 s for 12 files', 'took 900 ms for 12 files'],
      ['took 0.9 s for 0 files', 'took 0.9 s for 12 dirs', 'took s for 12 files', 'took NaN s for 12 files'],
    ],
    [
      'values between commas',
      ['0.512,12,abc', '0.9,12,abc'],
      ['0.1,12,abc'],
      ['0.1,0,abc', '0.1,12,abd', '0.1,12', '0.1,12,abc,1'],
    ],
    ['an address', ['172.17.0.2', '172.17.0.3'], ['172.17.0.9'], ['10.17.0.2', '172.17.0', '172.17.1.2']],
    [
      'names joined by underscores',
      ['run_a8f3_12', 'run_77b0_12'],
      ['run_0c1d_12'],
      ['run_0c1d_0', 'walk_0c1d_12', 'run__12'],
    ],
    [
      'columns of varying width',
      ['name  size', 'name      size'],
      ['name    size'],
      ['name    time', 'namesize'],
    ],
    [
      'a number that is right aligned',
      ['  12 rows', '     12 rows'],
      ['    12 rows'],
      ['    13 rows', '12 cols'],
    ],
    [
      'a field that comes or goes',
      ['{"a":1,"retried":true,"n":12}', '{"a":1,"n":12}'],
      ['{"a":1,"n":12}'],
      ['{"a":1,"n":0}', '{"a":1,"failed":true,"n":12}', '{"n":12}'],
    ],
    [
      'a key, and what is around it',
      ['{"key":"aB3/x+Yz90==","n":12}', '{"key":"Qw12ZzaaPo==","n":12}'],
      ['{"key":"0aB+c/dE9x==","n":12}'],
      ['{"key":"0aB+c/dE9x==","n":0}', '{"key":"","n":12}', '{"key":"no","n":12}'],
    ],
    [
      'the order of a dictionary',
      ["{'a': 1, 'b': 2, 'c': 3}", "{'c': 3, 'a': 1, 'b': 2}"],
      ["{'b': 2, 'a': 1, 'c': 3}"],
      ["{'a': 2, 'b': 1, 'c': 3}", "{'a': 1, 'b': 2}", "{'a': 1, 'b': 2, 'c': 3, 'd': 4}"],
    ],
    [
      'the order of a dictionary, and values in it',
      ['{"a":1,"t":0.52,"id":"9f03ab12","b":"x"}', '{"id":"07bb31fe","b":"x","a":1,"t":0.9}'],
      ['{"b":"x","t":1.2,"a":1,"id":"0c1d2e3f"}'],
      [
        '{"b":"x","t":1.2,"a":2,"id":"0c1d2e3f"}',
        '{"b":"y","t":1.2,"a":1,"id":"0c1d2e3f"}',
        '{"b":"x","t":1.2,"id":"0c1d2e3f"}',
        '{"b":"x","t":1.2,"a":1,"a":1,"id":"0c1d2e3f"}',
        '{"b":"x","t":none,"a":1,"id":"0c1d2e3f"}',
        '{"b":"x","t":1.2,"c":1,"id":"0c1d2e3f"}',
      ],
    ],
    [
      'the order of pairs between blanks, and values in them',
      ['level=info n=12 took=0.5', 'n=12 took=0.9 level=info'],
      ['took=0.1 level=info n=12'],
      ['took=0.1 level=info n=0', 'took=0.1 level=warn n=12', 'took=0.1 level=info'],
    ],
    [
      'a message of several words, of which none is new',
      ['counted 3', 'counted 4 and more', 'counted 5 and more'],
      ['counted 7 and more', 'counted 4'],
      ['counted 4 and none', 'counted none at all', 'found 4 and more'],
    ],
    [
      'one of a few messages',
      ['status ready', 'status waiting for peers', 'status sync in progress'],
      ['status waiting for sync'],
      ['status failed to open it', 'status ready to fail'],
    ],
    [
      'a hardware address, which may begin as a time does',
      ['up 0d:bd:b4:a4:50:4f as 1', 'up c7:cd:91:5b:9e:74 as 1'],
      ['up 43:39:dc:6a:d6:58 as 1', 'up 12:34:56:78:90:11 as 1'],
      ['up 43:39:dc:6a:d6:58 as 2', 'up as 1', 'up 43:39:dc:6a:d6:zz as 1'],
    ],
    [
      'the order of a list, beside a count',
      ['3 of [a, b, c] in 12 s', '3 of [c, a, b] in 9 s'],
      ['3 of [b, c, a] in 1 s'],
      ['2 of [b, c, a] in 1 s', '3 of [b, c] in 1 s', '3 of [b, c, d] in 1 s'],
    ],
    [
      'a digest',
      ['sha 0c1d2e3f4a5b6c7d', 'sha ffeeddcc00112233'],
      ['sha 0123456789abcdef'],
      ['sha 0123456789abcdeg', 'sha 01', 'sha none'],
    ],
    [
      'names made at random, and words between them',
      ['/var/t_/T/go-build2079/b001/x', '/var/a9/T/go-build41577/b001/x'],
      ['/var/c_/T/go-build99120/b001/x'],
      ['/var/c_/T/unknown-build99120/b001/x', '/var/c_/T/-build99120/b001/x', '/var/c_/go-build99120/b001/x'],
    ],
    [
      'a name of tempfile, which may have an underscore',
      ['/tmp/tmpjc6o48sg/run.py', '/tmp/tmpqb7iq2ko/run.py'],
      ['/tmp/tmpzv_6ags5/run.py', '/tmp/tmp_z4d9aa1/run.py'],
      ['/tmp/tmpzv_6ags5/run.sh', '/tmp/tmp_6ag.s-5/run.py', '/var/tmpzv_6ags5/run.py'],
    ],
    [
      'numbers in columns, of which the first is always the same',
      ['Mem:  8131256    4169976    1999', 'Mem:  8131256    7427689    1339'],
      ['Mem:  8131256     325361      12'],
      ['Mem:  8131255     325361      12', 'Mem:  8131256     325361'],
    ],
    ['a rule of varying width', ['-----', '----------'], ['-------'], ['', '--- x', '=======']],
  ])('%s', (_what, examples, good, bad) => {
    const mask = learnLineMask(examples);
    expect(mask.holds).toBe('by-mask');
    for (const line of [...examples, ...good]) expect(mask.accepts(line), line).toBe(true);
    for (const line of bad) expect(mask.accepts(line), line).toBe(false);
  });
});

describe('a number that varies has a range', () => {
  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['of size', ['ran 0.5 s', 'ran 0.9 s'], ['ran 30 s', 'ran 0 s'], ['ran 1700000000.5 s']],
    ['of form', ['at 10:46:59', 'at 10:47:00'], ['at 23:00:01'], ['at 3', 'at noon']],
    ['of unit', ['read 3 files', 'read 5 files'], ['read 9 files'], ['read 9 dirs']],
    ['of thousands, which 0 is not', ['read 4993 rows', 'read 5012 rows'], ['read 12 rows'], ['read 0 rows']],
    [
      'of its last digits, if all others are the same',
      ['pi = 3.14159265358979', 'pi = 3.14159265358931'],
      ['pi = 3.1415926535900'],
      ['pi = 6.14159265358979', 'pi = 3.15', 'pi = 0', 'pi = -3.14159265358979'],
    ],
    [
      'of no size, if zeros stand before it',
      ['at .482913345', 'at .912345678'],
      ['at .000000012'],
      ['at .12', 'at .0'],
    ],
    [
      'in one zone',
      ['at 2026-12-01 02:59:11 +0000', 'at 2026-12-01 02:59:13 +0000'],
      ['at 2026-12-01 03:00:00 +0000', 'at 2026-12-01 03:00:00.5 +0000'],
      ['at 2026-12-01 03:00:00 +0100', 'at 2026-12-01 03:00:00', 'at 2026-12-01', 'at 03:00:00 +0000'],
    ],
    [
      'in one zone that has a name',
      ['Mon Nov 30 02:59:11 CET 2026', 'Mon Nov 30 02:59:12 CET 2026'],
      ['Tue Dec  1 10:00:00 CET 2026'],
      ['Tue Dec  1 10:00:00 UTC 2026', 'Tue Dec  1 10:00:00 2026', 'Tue Dec  1'],
    ],
    [
      'in minutes and seconds',
      ['real\t0m0.982s', 'real\t0m0.913s'],
      ['real\t0m1.003s', 'real\t12m0.5s'],
      ['real\ts', 'user\t0m0.9s', 'real\t0m'],
    ],
    ['of any size, if it had so many', ['p = 1e-9', 'p = 0.5'], ['p = 1e-3'], ['p = none']],
  ])('%s', (_what, examples, good, bad) => {
    const { accepts } = learnLineMask(examples);
    for (const line of good) expect(accepts(line), line).toBe(true);
    for (const line of bad) expect(accepts(line), line).toBe(false);
  });
});

it('tells what is lacking that all examples have', () => {
  const mask = learnLineMask(['took 0.1 s for 12 files', 'took 0.2 s for 12 files']);
  expect(mask.lacking('took 0.3 s for 0 files')).toEqual(['12']);
  expect(mask.lacking('took 0.3 s for 12 files')).toEqual([]);
});

it('of a line of which nothing stays, only words that were seen are accepted', () => {
  const mask = learnLineMask(['the quick brown fox', 'jumps over 12 lazy dogs today']);
  expect(mask.holds).toBe('not-at-all');
  expect(mask.accepts('lazy brown dogs')).toBe(true);
  expect(mask.accepts('error: cannot open')).toBe(false);
});

const unit = fc.constantFrom(...'ab7 .-+/=:%_,{}\n', 'aBcDeFgHiJkLmNoP', '12 ms', '0xff', '10:11:12', '\t');
const line = fc.string({ unit, maxLength: 12 });

it('accepts every example that it was learnt from', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (examples) => {
      const mask = learnLineMask(examples);
      for (const each of examples) expect(mask.accepts(each), each).toBe(true);
    }),
  );
});

it('no example more makes it stricter', () => {
  fc.assert(
    fc.property(line, line, fc.constantFrom(...'abc12'), (start, end, word) => {
      // What stands between marks is a field of its own.
      const made = (value: string) => `${start} <${word}> ${value} <${word}> ${end}`;
      const mask = learnLineMask([made('10'), made('2000'), made('77')]);
      expect(mask.accepts(made('5'))).toBe(true);
      expect(mask.accepts(made('5').replace(`<${word}>`, `<${word}x>`))).toBe(false);
    }),
  );
});
