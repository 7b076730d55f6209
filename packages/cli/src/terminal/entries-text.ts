import { formatCount } from './format-count.js';

/**
 * How many entries there were, and are: the counts of the manifest.
 *
 * @example entriesText(8727, { kept: 31, generated: 11 }) // '8,727 → 31, and 11 for scanners'
 */
export function entriesText(
  source: number,
  { kept, generated }: { readonly kept: number; readonly generated: number },
): string {
  const written = generated === 0 ? '' : `, and ${formatCount(generated)} for scanners`;
  return `${formatCount(source)} → ${formatCount(kept)}${written}`;
}
