import { formatKeepList, type KeepListEntry } from './keep-list.js';

export interface KeepListDrift {
  /** Lines in the new list only, as `formatKeepList` prints them; sorted by the bytes of the paths. */
  readonly added: readonly string[];
  /** Lines in the locked list only. */
  readonly removed: readonly string[];
}

/**
 * What a new trace needs that the locked keep list lacks, and the other way round. A file that became a stub, or
 * ceased to be one, is in both.
 */
export function compareKeepLists(
  locked: Iterable<string | KeepListEntry>,
  now: Iterable<string | KeepListEntry>,
): KeepListDrift {
  const before = toLines(locked);
  const after = toLines(now);
  return { added: without(after, new Set(before)), removed: without(before, new Set(after)) };
}

function toLines(entries: Iterable<string | KeepListEntry>): readonly string[] {
  return formatKeepList(entries)
    .split('\n')
    .filter((line) => line !== '');
}

function without(lines: readonly string[], others: ReadonlySet<string>): readonly string[] {
  return lines.filter((line) => !others.has(line));
}
