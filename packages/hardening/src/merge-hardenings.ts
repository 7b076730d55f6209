import type { Hardening } from './hardening.js';
import { mergeMounts } from './merge-mounts.js';
import { mergeRights } from './merge-rights.js';

/**
 * The union of several: each of their runs may run under it.
 *
 * @throws HardeningError ARCHITECTURES_DIFFER
 */
export function mergeHardenings(one: Hardening, other: Hardening): Hardening {
  const joined = (some: readonly string[], more: readonly string[]) =>
    [...new Set([...some, ...more])].sort();
  const union = (of: 'runs' | 'images' | 'engines') => joined(one[of], other[of]);
  const { plainUser } = one;
  return {
    ...mergeRights(one, other),
    runs: union('runs'),
    images: union('images'),
    engines: union('engines'),
    isMerged: true,
    ...(plainUser !== undefined &&
      other.plainUser !== undefined && { plainUser: plainUser && other.plainUser }),
    used: {
      programs: joined(one.used.programs, other.used.programs),
      folders: joined(one.used.folders, other.used.folders),
      // Older records have neither: nobody looked, which is not the same as none.
      ...((one.used.listed ?? other.used.listed) && {
        listed: joined(one.used.listed ?? [], other.used.listed ?? []),
      }),
      ...((one.used.mounts ?? other.used.mounts) && {
        mounts: mergeMounts([...(one.used.mounts ?? []), ...(other.used.mounts ?? [])]),
      }),
    },
    seen: {
      processes: Math.max(one.seen.processes, other.seen.processes),
      files: Math.max(one.seen.files, other.seen.files),
    },
  };
}
