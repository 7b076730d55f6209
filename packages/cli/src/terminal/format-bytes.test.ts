import { expect, it } from 'vitest';
import { formatBytes } from './format-bytes.js';
import { signedBytes } from './signed-bytes.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [12_345, '12.3 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [170_400_000, '170.4 MB'],
  [999_999_999, '1.00 GB'],
  [2.26e9, '2.26 GB'],
  [1.5e13, '15000.00 GB'],
])('%d bytes are %s', (sizeBytes, text) => {
  expect(formatBytes(sizeBytes)).toBe(text);
});

it.each([
  [12_345, '+12.3 kB'],
  [-999, '-999 B'],
  [0, '0 B'],
  [undefined, '?'],
])('a growth of %s is %s', (deltaBytes, text) => {
  expect(signedBytes(deltaBytes)).toBe(text);
});
