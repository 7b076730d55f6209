export interface KeepListDrift {
  /** In the new list only, sorted by bytes. */
  readonly added: readonly string[];
  /** In the locked list only, sorted by bytes. */
  readonly removed: readonly string[];
}

/** What a new trace needs that the locked keep list lacks, and the other way round. */
export function compareKeepLists(locked: Iterable<string>, now: Iterable<string>): KeepListDrift {
  const before = new Set(locked);
  const after = new Set(now);
  return { added: without(after, before), removed: without(before, after) };
}

function without(paths: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] {
  return [...paths].filter((path) => !others.has(path)).sort((left, right) => (left < right ? -1 : 1));
}
