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
