import { expect, it } from 'vitest';
import { didYouMean, didYouMeanPackage, nearestName } from './nearest-name.js';

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

it('a suggestion ends a message, or nothing does', () => {
  expect(didYouMean('shrnk', NAMES)).toBe(": did you mean 'shrink'?");
  expect(didYouMean('htp', NAMES, (name) => `--${name}`)).toBe(': did you mean --http?');
  expect(didYouMean('frobnicate', NAMES)).toBe('');
  expect(didYouMeanPackage('ggplot', ['ggplot2'])).toBe(": did you mean 'ggplot2'?");
  expect(didYouMeanPackage('deb:opensl', ['openssl'])).toBe(": did you mean 'deb:openssl'?");
});
