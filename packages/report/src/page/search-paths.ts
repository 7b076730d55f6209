import type { ReportEntry } from '../report-data.js';

/** An entry of the source, or what was written for the result. */
export interface SearchedEntry extends Omit<ReportEntry, 'state'> {
  readonly state: ReportEntry['state'] | 'generated';
}

/**
 * The paths in which all words are. First the one that is the query, then those of the result; the largest first, of
 * one size the shortest.
 *
 * @param query  words; case does not matter
 */
export function searchPaths(entries: readonly SearchedEntry[], query: string): readonly SearchedEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const whole = words.join(' ');
  const found = entries.flatMap((entry) => {
    const path = entry.path.toLowerCase();
    if (!words.every((word) => path.includes(word))) return [];
    return [{ entry, rank: path === whole ? 0 : entry.state === 'removed' ? 2 : 1 }];
  });
  return found
    .sort(
      (one, other) =>
        one.rank - other.rank ||
        other.entry.sizeBytes - one.entry.sizeBytes ||
        one.entry.path.length - other.entry.path.length,
    )
    .map(({ entry }) => entry);
}
