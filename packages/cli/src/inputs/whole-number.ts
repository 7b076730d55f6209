import { UsageError } from '../options/usage-error.js';

/**
 * The value of an option that counts something.
 *
 * @throws UsageError  it is not a whole number, or below `min`
 */
export function wholeNumber(option: string, value: unknown, min: number): number {
  const number = Number(value);
  if (typeof value === 'string' && /^\d+$/.test(value) && number >= min) return number;
  throw new UsageError(`--${option} ${value}: not a whole number from ${min}`);
}
