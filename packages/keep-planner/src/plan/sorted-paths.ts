import type { RealPath } from '@keepset/symlink-resolver';

/** Each path once, by its bytes: so parents come before what is below them. */
export function sortedPaths(paths: Iterable<RealPath>): readonly RealPath[] {
  return [...new Set(paths)].sort((left, right) => (left < right ? -1 : 1));
}
