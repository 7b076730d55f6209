import { UsageError } from '../options/usage-error.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/**
 * A number of bytes: `500m`, `1.5g`; units are decimal.
 *
 * @param option  from which the value is
 * @throws UsageError
 */
export function parseSize(option: string, text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([bkmgt]?)b?$/i.exec(text) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (number === undefined || factor === undefined)
    throw new UsageError(`--${option} ${text}: not a size`, 'Use bytes, or a unit: 500m, 2g.');
  return Number(number) * factor;
}
