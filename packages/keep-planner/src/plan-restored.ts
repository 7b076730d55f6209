import { closeOverParents } from './closure/keep-closure.js';
import { KeptEnds } from './closure/kept-ends.js';
import { rememberLinks } from './closure/remember-links.js';
import { readOwners } from './image/read-owners.js';
import type { SourceImage } from './image/source-image.js';
import type { KeepListEntry } from './lists/keep-list.js';
import { keepPackages } from './options/keep-packages.js';
import { keepWanted } from './options/keep-wanted.js';
import type { KeepPlan } from './plan/keep-plan.js';
import type { Keeping } from './plan/keeping.js';
import type { PlanOptions } from './plan-keep.js';
import { addLocked } from './plan-locked.js';

/**
 * The plan that a keep list is, and what the user wants back of the source: no trace and no other rule. What was kept
 * empty is whole again when it is wanted.
 *
 * @param entries  as `parseKeepList` gives them
 * @returns what names nothing in the source is a warning
 * @throws PlanError PLAN_LOCKED_MISSING, PLAN_BAD_PATTERN
 */
export async function planRestored(
  entries: Iterable<KeepListEntry>,
  source: SourceImage,
  { keep = [], keepPackages: packages = [] }: Pick<PlanOptions, 'keep' | 'keepPackages'>,
): Promise<KeepPlan> {
  const ends = new KeptEnds(source.tree);
  const keeping: Keeping = { needs: { volumes: [] }, source: rememberLinks(source), ends, warnings: [] };
  addLocked(entries, ends, source.tree);
  await keepWanted(keep, keeping);
  if (packages.length > 0) await keepPackages(packages, await readOwners(source), keeping);
  return {
    kept: closeOverParents(ends, source.tree),
    executed: [],
    listed: [],
    warnings: keeping.warnings,
  };
}
