import { expect, it } from 'vitest';
import { parseSize } from './parse-size.js';

it.each([
  ['0', 0],
  ['512', 512],
  ['10k', 10_000],
  ['1.5G', 1_500_000_000],
  ['2gb', 2_000_000_000],
])('%s is %i bytes', (text, sizeBytes) => {
  expect(parseSize('copy-mounts-max', text)).toBe(sizeBytes);
});

it.each(['', 'x', '-1', '1 g', '1gg', '1e9'])("'%s' is not a size", (text) => {
  expect(() => parseSize('copy-mounts-max', text)).toThrow(/--copy-mounts-max .*not a size/);
});
