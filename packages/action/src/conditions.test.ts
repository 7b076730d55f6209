import { describe, expect, it } from 'vitest';
import { parseConditions } from './conditions.js';
import type { Changes, Facts } from './facts.js';

const FACTS: Facts = {
  source: { reference: 'big', sizeBytes: 1e9 },
  result: { reference: 'small', id: 'sha256:1', digest: undefined, sizeBytes: 200e6 },
  ratio: 0.2,
  verdict: 'verified in part',
  entries: { source: 10, result: 2 },
};
const BEFORE = { ...FACTS, result: { ...FACTS.result, sizeBytes: 160e6 } };
const CHANGES = { before: BEFORE, growth: 40e6 } as Changes;

describe('a condition', () => {
  it.each([
    ['size > 100MB', true],
    ['size > 200MB', false],
    ['size >= 200 MB', true],
    ['size<0.3GB', true],
    ['size > 199999999', true],
    ['ratio > 10%', true],
    ['ratio > 0.2', false],
    ['ratio <= 20%', true],
    ['growth > 20%', true],
    ['growth > 25%', false],
    ['growth > 39.9mb', true],
    ['verdict != verified', true],
    ['verdict = verified in part', true],
    ['verdict != verified in part', false],
  ])('%s', (text, expected) => {
    expect(parseConditions(text).map(({ holds }) => holds(FACTS, CHANGES))).toEqual([expected]);
  });

  it.each([
    'size',
    'size > big',
    'size > 10%',
    'ratio > 1MB',
    'growth = 3',
    'verdict > verified',
    'verdict = fine',
    'sizes > 1',
    'size > 1 $(touch /tmp/x)',
    'constructor > 1',
    'size => 1',
  ])('that is none is an error with the way out: %s', (text) => {
    expect(() => parseConditions(text)).toThrow(
      expect.objectContaining({
        message: `fail-if: '${text}' is no condition`,
        hint: expect.stringContaining('size >'),
      }),
    );
  });

  it('of growth does not hold where there is nothing to compare with', () => {
    expect(parseConditions('growth > 0')[0]?.holds(FACTS, undefined)).toBeUndefined();
  });
});

it('conditions stand on lines or between commas', () => {
  const texts = parseConditions('size > 1, ratio > 2\n\n growth > 3 \r\n').map(({ text }) => text);
  expect(texts).toEqual(['size > 1', 'ratio > 2', 'growth > 3']);
});
