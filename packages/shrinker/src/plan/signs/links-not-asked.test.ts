import { expect, it } from 'vitest';
import { linksNotAsked } from './links-not-asked.js';
import { signFacts } from './sign-facts.test-helper.js';

const messageOf = (...unasked: (readonly string[] | undefined)[]) =>
  linksNotAsked(
    signFacts({
      runs: unasked.map((each) => ({ exitStatus: 0, seconds: 1, ...(each && { unasked: each }) })),
    }),
  )?.message;

it.each<[string, readonly (readonly string[] | undefined)[], string | undefined]>([
  ['none of a command', [undefined], undefined],
  ['none where all was asked', [[]], undefined],
  [
    'one',
    [['/a.css']],
    'the pages that were asked for refer to one path of the same server that was not: /a.css',
  ],
  [
    'the first of many, of several runs',
    [
      ['/a', '/c', '/d'],
      ['/a', '/b'],
    ],
    'the pages that were asked for refer to 4 paths of the same server that were not: /a, /b, /c, …',
  ],
])('tells %s', (_what, unasked, message) => {
  expect(messageOf(...unasked)).toBe(message);
});
