import { invalidOption } from './invalid-option.js';
import type { RunOptions } from './run-options.js';

const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/** A size as docker writes it: a number, in bytes or with a unit. */
export function parseSizeBytes(option: keyof RunOptions, text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([bkmgt]?)(?:i?b)?$/i.exec(text);
  const unit = UNIT_BYTES[match?.[2]?.toLowerCase() ?? ''];
  if (match === null || unit === undefined) throw invalidOption(option, text, 'a size such as 64m or 1g');
  return Math.floor(Number(match[1]) * unit);
}
