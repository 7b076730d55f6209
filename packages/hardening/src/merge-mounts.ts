import type { UsedMount } from './hardening.js';

/** Each path once, sorted; it is read-only only if it always is. */
export function mergeMounts(mounts: readonly UsedMount[]): readonly UsedMount[] {
  const byPath = Map.groupBy(mounts, ({ path }) => path);
  return [...byPath.keys()].sort().map((path) => {
    const isReadOnly = byPath.get(path)?.every(({ readOnly }) => readOnly);
    return { path, ...(isReadOnly && { readOnly: true as const }) };
  });
}
