import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatBytes, formatShare } from './page/format.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [99_949, '99.9 kB'],
  [99_950, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [144_428_642, '144 MB'],
  [2_205_000_000, '2.21 GB'],
  [20_500_000_000, '20.5 GB'],
  [5e15, '5000 TB'],
])('%d bytes are %s', (sizeBytes, text) => {
  expect(formatBytes(sizeBytes)).toBe(text);
});

it('is right to a twentieth, and never longer than it must be', () => {
  const factors: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999e12 }), (sizeBytes) => {
      const [number = '', unit = ''] = formatBytes(sizeBytes).split(' ');
      const shown = Number(number) * (factors[unit] ?? Number.NaN);
      expect(Math.abs(shown - sizeBytes) / sizeBytes).toBeLessThanOrEqual(0.05);
      expect(number.replace('.', '').length).toBeLessThanOrEqual(3);
    }),
  );
});

it.each([
  [1, 2, '50.0 %'],
  [0, 0, '0 %'],
])('%d of %d are %s', (part, whole, text) => {
  expect(formatShare(part, whole)).toBe(text);
});
