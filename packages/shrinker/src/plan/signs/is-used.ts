import type { KeepPlan } from '@keepset/keep-planner';

/** Whether runs used something below a folder; not itself: the engine wants WORKDIR, programs look at folders above. */
export function isUsed(path: string, { kept }: KeepPlan): boolean {
  for (const [each, { reasons }] of kept) {
    if (each.startsWith(`${path}/`) && reasons.some(({ kind }) => kind === 'access')) return true;
  }
  return false;
}
