import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatBytes, formatShare } from './page/format.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [99_950, '100.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [144_428_642, '144.4 MB'],
  [999_999_999, '1.00 GB'],
  [2_205_000_000, '2.21 GB'],
  [1.5e13, '15000.00 GB'],
])('%d bytes are %s', (sizeBytes, text) => {
  expect(formatBytes(sizeBytes)).toBe(text);
});

it('is right to a twentieth, and has the largest unit that it may', () => {
  const factors: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999e12 }), (sizeBytes) => {
      const [number = '', unit = ''] = formatBytes(sizeBytes).split(' ');
      const shown = Number(number) * (factors[unit] ?? Number.NaN);
      expect(Math.abs(shown - sizeBytes) / sizeBytes).toBeLessThanOrEqual(0.05);
      expect(Number(number) < 1000 || unit === 'GB').toBe(true);
    }),
  );
});

it.each([
  [1, 2, '50.0 %'],
  [0, 0, '0 %'],
])('%d of %d are %s', (part, whole, text) => {
  expect(formatShare(part, whole)).toBe(text);
});
