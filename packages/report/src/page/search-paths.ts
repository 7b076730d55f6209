import type { ReportEntry } from '../report-data.js';

/**
 * The paths in which all words are, those whose last name has them first; of these, the shortest.
 *
 * @param query  words; case does not matter
 */
export function searchPaths(entries: readonly ReportEntry[], query: string): readonly ReportEntry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = entries.flatMap((entry) => {
    const path = entry.path.toLowerCase();
    if (!words.every((word) => path.includes(word))) return [];
    const name = path.slice(path.lastIndexOf('/') + 1);
    return [{ entry, isName: words.every((word) => name.includes(word)) }];
  });
  return found
    .sort(
      (one, other) =>
        Number(other.isName) - Number(one.isName) || one.entry.path.length - other.entry.path.length,
    )
    .map(({ entry }) => entry);
}
