import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.js';

const NAMES = ['shrink', 'check', 'why', 'keep-list', 'http', 'ls'];

it.each([
  ['shrnk', 'shrink'],
  ['chekc', 'check'],
  ['keep-lst', 'keep-list'],
  ['htp', 'http'],
  ['shrink', 'shrink'],
  ['frobnicate', undefined],
  ['x', undefined],
])('%s: %s', (word, name) => {
  expect(nearestName(word, NAMES)).toBe(name);
});
