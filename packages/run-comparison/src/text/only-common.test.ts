import { expect, it } from 'vitest';
import { learnTextMask } from './text-mask.js';

const oneByOne = (words: string) =>
  words
    .split(' ')
    .map((word) => `${word}\n`)
    .join('');

it.each<[string, readonly string[], readonly string[], readonly string[]]>([
  [
    'lines of two kinds, of which there are now more, now fewer, but together always as many',
    ['hit start miss hit total·3', 'start miss miss hit total·3'].map(oneByOne),
    [],
    [
      'start miss miss miss total·3',
      'start hit hit hit total·3',
      'start hit miss total·3',
      'start hit miss hit hit total·3',
    ].map(oneByOne),
  ],
  [
    'numbers with many marks are not letters',
    ['stat: 1.2-3/4\n', 'stat: 12-3.5/1,7\n'],
    ['stat: 9-3/4.1,2\n'],
    ['stat: failed\n', 'stat: nan\n'],
  ],
  ['nor are times and dates', ['x: 1/2-3:4.5\n', 'x: 12-3/4.1:5,6\n'], [], ['x: missing\n', 'x: n/a\n']],
  [
    'a word that came once lets a line say one that is new, no sentence of them',
    ['tick tock tick', 'tock tick tock tick', 'tock tock tick boom tick', 'tick tick'].map((l) => `${l}\n`),
    ['tick tock bang\n'],
    ['failed: no plugins\n', 'cannot open shared object file\n', 'boom\n'],
  ],
])('%s', (_what, samples, good, bad) => {
  const mask = learnTextMask(samples);
  for (const text of [...samples, ...good]) expect(mask.mismatch(text), text).toBeUndefined();
  for (const text of bad) expect(mask.mismatch(text), text).toBeDefined();
});
