import { formatKeepList, type KeepListEntry } from './keep-list.js';

/** In what two keep lists differ. */
export interface KeepListDrift {
  /** Lines in the new list only, as `formatKeepList` prints them; sorted by the bytes of the paths. */
  readonly added: readonly string[];
  /** Lines in the locked list only. */
  readonly removed: readonly string[];
}

/**
 * What a new trace needs that the locked keep list lacks, and the other way round. A file that became a stub, or
 * ceased to be one, is in both. What a repair added to the locked list is not missed by a trace.
 */
export function compareKeepLists(
  locked: Iterable<string | KeepListEntry>,
  now: Iterable<string | KeepListEntry>,
): KeepListDrift {
  const all = [...locked];
  const before = toLines(all);
  const after = toLines(now);
  const traced = all.filter((entry) => typeof entry === 'string' || !entry.repaired);
  return { added: without(after, new Set(before)), removed: without(toLines(traced), new Set(after)) };
}

function toLines(entries: Iterable<string | KeepListEntry>): readonly string[] {
  return formatKeepList([...entries].map(withoutRepair))
    .split('\n')
    .filter((line) => line !== '');
}

function withoutRepair(entry: string | KeepListEntry): string | KeepListEntry {
  return typeof entry === 'string' || !entry.repaired
    ? entry
    : { path: entry.path, ...(entry.stub && { stub: true }) };
}

function without(lines: readonly string[], others: ReadonlySet<string>): readonly string[] {
  return lines.filter((line) => !others.has(line));
}
