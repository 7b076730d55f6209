import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differsLikeNoise } from './line-chance.js';
import { learnTextMask } from './text-mask.js';

/** As byte strings. */
const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('what varies between two samples is told apart', () => {
  it.each([
    ['nothing', 'none', ['a\nb\n', 'a\nb\n'], ['a\nb\n'], ['a\nc\n', 'a\n', 'a\nb\nb\n', 'b\na\n', 'a\nb']],
    [
      'the time',
      'words',
      ['at 10:46:59\n', 'at 10:47:00\n'],
      ['at 11:02:03\n'],
      ['at noon\n', 'at \n', 'on 11:02:03\n'],
    ],
    [
      'a date as date(1) prints it',
      'words',
      ['Tue Nov 24 23:59:59 UTC 2026\n', 'Wed Nov 25 00:00:01 UTC 2026\n'],
      ['Thu Dec 31 09:10:11 UTC 2026\n'],
      ['today\n', '\n'],
    ],
    [
      'a date as web servers log it, in samples of one minute',
      'words',
      [
        '127.0.0.1 - - [30/Nov/2026:20:02:35 +0000] "GET / HTTP/1.1" 200',
        '127.0.0.1 - - [30/Nov/2026:20:02:37 +0000] "GET / HTTP/1.1" 200',
      ],
      ['127.0.0.1 - - [01/Dec/2036:07:04:04 +0000] "GET / HTTP/1.1" 200'],
      [
        '127.0.0.1 - - [30/Nov/2026:20:02:36 +0000] "GET / HTTP/1.1" 500',
        '127.0.0.1 - - [-] "GET / HTTP/1.1" 200',
      ],
    ],
    [
      'a day',
      'words',
      ['2026-11-24T23:59:59Z ok', '2026-11-25T00:00:00Z ok'],
      ['2027-01-01T00:00:00Z ok'],
      ['2027-01-01T00:00:00Z no'],
    ],
    [
      'a table whose columns are as wide as what is in them',
      'words',
      [
        '\u250c\u2500\u2500\u252c\u2500\u2500\u2510\n\u25021 \u250212\u2502\n',
        '\u250c\u2500\u2500\u252c\u2500\u2500\u2500\u2500\u2500\u2500\u2510\n\u25021 \u2502345678\u2502\n',
      ].map(utf8),
      ['\u250c\u2500\u2500\u252c\u2500\u2510\n\u25021 \u25029\u2502\n'].map(utf8),
      [
        '\u250c\u2500\u2500\u252c\u2500\u2510\n\u25022 \u25029\u2502\n',
        '\u250c\u2500\u2510\n\u25021 \u25029\u2502\n',
      ].map(utf8),
    ],
    ['a duration', 'words', ['took 0.98 s', 'took 1.2 s'], ['took 12 s'], ['took NaN s', 'took 12 min s']],
    ['a process id', 'words', ['[12] up', '[345] up'], ['[6] up'], ['[] up', '[x] up']],
    [
      'an address',
      'words',
      ['<obj at 0x7f0012ab>', '<obj at 0x7fa0ffcd>'],
      ['<obj at 0x55>'],
      ['<obj at nil>'],
    ],
    [
      'a temporary name',
      'words',
      ['/tmp/tmp.aBcDeF/x', '/tmp/tmp.Qw12Zz/x'],
      ['/tmp/tmp.000aaa/x'],
      ['/tmp/tmp.000aaa/y', '/tmp/x'],
    ],
    [
      'the order of a set',
      'words',
      ["{'a', 'b', 'c'}", "{'c', 'a', 'b'}"],
      ["{'b', 'c', 'a'}"],
      ["{'b', 'c'}", "{'b', 'c', 'd'}"],
    ],
    [
      'the order of lines',
      'order',
      ['a 1\nb 2\n', 'b 2\na 1\n'],
      ['a 1\nb 2\n'],
      ['a 1\nb 3\n', 'a 1\n', 'a 1\nb 2\nb 2\n'],
    ],
    [
      'order, and times in the lines',
      'order-and-words',
      ['start\nfirst 0.1\nsecond: 0.2\n', 'start\nsecond: 0.3\nfirst 0.4\n'],
      ['start\nsecond: 9\nfirst 8\n'],
      ['start\nsecond: 9\nthird 8\n', 'start\nfirst 1\n'],
    ],
    [
      'how often a line comes',
      'lines',
      ['a\n.\nb\n', 'a\n.\n.\nb\n'],
      ['a\n.\n.\n.\nb\n'],
      ['a\n.\n', 'a\n.\nb\nc\n'],
    ],
    [
      'a UUID',
      'words',
      ['id 6f4f5226-d070-4e4a-961e-791988268bac\n', 'id 82f0a9d1-913c-4d27-ac2c-7a566c293d3f\n'],
      ['id aaaaaaaa-dddd-4eee-961e-abcdefabcdef\n'],
      ['id none\n'],
    ],
    [
      'a digest',
      'words',
      ['commit 6f4f5226\n', 'commit 12345678\n'],
      ['commit abcdefa0\n'],
      ['commit none\n', 'commit \n'],
    ],
    ['a key', 'words', ['aAbcYd\n', 'Zxu9t1f\n'], ['++abcd\n'], ['\n', 'a b c d\n', 'abc\n']],
    [
      'something of any form',
      'words',
      ['key=a+b/c==;', 'key=xyz=;'],
      ['key=+/+/=;'],
      ['key=;', 'key=abc', 'other=abc;'],
    ],
  ])('%s', (_what, variation, samples, good, bad) => {
    const mask = learnTextMask(samples);
    expect(mask.variation).toBe(variation);
    for (const text of [...samples, ...good]) expect(mask.mismatch(text), text).toBeUndefined();
    for (const text of bad) expect(mask.mismatch(text), text).toBeDefined();
  });
});

it.each([
  ['a line', 'a\nb\n', 'a\nc\n', { line: 2, source: 'b', result: 'c', heldAgainst: { sample: 1, line: 2 } }],
  [
    'the end of the result',
    'a\nb\n',
    'a\n',
    { line: 2, source: 'b', result: undefined, heldAgainst: { sample: 1, line: 2 } },
  ],
  ['the end of the source', '', 'oops\n', { line: 1, source: undefined, result: 'oops' }],
  [
    'a byte',
    '\xff\n',
    '\xfe\n',
    { line: 1, source: '\xff', result: '\xfe', heldAgainst: { sample: 1, line: 1 } },
  ],
  [
    'only the newline at the end',
    'a\n',
    'a',
    { line: 1, source: 'a\n', result: 'a', heldAgainst: { sample: 1, line: 1 } },
  ],
  [
    'a carriage return',
    'a\r\nb\n',
    'a\nb\n',
    { line: 1, source: 'a\r', result: 'a', heldAgainst: { sample: 1, line: 1 } },
  ],
  [
    'a place in a long line',
    `${'x'.repeat(500)}one${'y'.repeat(500)}`,
    `${'x'.repeat(500)}other`,
    {
      line: 1,
      source: expect.stringMatching(/^x{59}oney{138}$/),
      result: `${'x'.repeat(59)}other`,
      heldAgainst: { sample: 1, line: 1 },
    },
  ],
])('with one sample the first difference is shown: %s', (_what, source, result, mismatch) => {
  expect(learnTextMask([source]).mismatch(result)).toEqual(mismatch);
});

const unit = fc.constantFrom(...'ab7 .-+/=:%', 'aBcDeFgHiJkLmNoP', '12 ms', '0xff', '10:11:12', '\t');
const text = fc
  .array(fc.string({ unit }), { maxLength: 6 })
  .map((lines) => lines.map((line) => `${line}\n`).join(''));

it.each([['a line that is blank in one', ['a\n\n', 'a\na\n']]])(
  'accepts every sample that it was learnt from: %s',
  (_what, samples) => {
    const mask = learnTextMask(samples);
    expect(samples.flatMap((sample) => mask.mismatch(sample) ?? [])).toEqual([]);
  },
);

it('accepts every sample that it was learnt from', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (samples) => {
      const mask = learnTextMask(samples);
      expect(samples.flatMap((sample) => mask.mismatch(sample) ?? [])).toEqual([]);
    }),
  );
});

it('masks nothing where nothing varied', () => {
  fc.assert(
    fc.property(text, text, (sample, other) => {
      expect(learnTextMask([sample, sample, sample]).mismatch(other) === undefined).toBe(sample === other);
    }),
  );
});

it.each([
  [true, 'a 1\nb 2\n', 'b 3\na 4\n'],
  [true, "{'a', 'b'}", "{'b', 'a'}"],
  [true, 'id a1b2', 'id c3d4'],
  [false, 'a\n', 'b\n'],
  [false, 'a\n', 'a\na\n'],
  [false, 'value 1', 'value NaN'],
])('says whether a further sample is worth its time: %s', (isLikeNoise, source, result) => {
  expect(differsLikeNoise(source, result)).toBe(isLikeNoise);
});
