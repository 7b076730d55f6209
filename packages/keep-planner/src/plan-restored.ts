import { closeOverParents } from './keep-closure.js';
import type { KeepListEntry } from './keep-list.js';
import { keepPackages } from './keep-packages.js';
import type { KeepPlan } from './keep-plan.js';
import { keepWanted } from './keep-wanted.js';
import type { Keeping } from './keeping.js';
import { KeptEnds } from './kept-ends.js';
import type { PlanOptions } from './plan-keep.js';
import { addLocked } from './plan-locked.js';
import { readOwners } from './read-owners.js';
import { rememberLinks } from './remember-links.js';
import type { SourceImage } from './source-image.js';

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
  if (packages.length > 0) keepPackages(packages, await readOwners(source), keeping);
  return {
    kept: closeOverParents(ends, source.tree),
    executed: [],
    listed: [],
    warnings: keeping.warnings,
  };
}
