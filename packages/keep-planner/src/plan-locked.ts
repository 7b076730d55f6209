import type { ImageTree } from '@keepset/image-tree';
import { printPath } from '@keepset/strace-parser';
import type { RealPath } from '@keepset/symlink-resolver';
import { closeOverParents } from './closure/keep-closure.js';
import { KeptEnds } from './closure/kept-ends.js';
import type { KeepListEntry } from './lists/keep-list.js';
import type { KeepPlan } from './plan/keep-plan.js';
import { PlanError } from './plan/plan-error.js';

/** Of the missing paths, so that a message has an end. */
const SHOWN = 8;

/**
 * The plan that a keep list is: exactly its paths and their parent directories, no trace and no rule.
 *
 * @param entries  as `parseKeepList` gives them
 * @throws PlanError PLAN_LOCKED_MISSING  when the image lacks a path of the list: it is not the image it was
 */
export function planLocked(entries: Iterable<KeepListEntry>, tree: ImageTree): KeepPlan {
  const ends = new KeptEnds(tree);
  addLocked(entries, ends, tree);
  return { kept: closeOverParents(ends, tree), executed: [], listed: [], warnings: [] };
}

/** @throws PlanError PLAN_LOCKED_MISSING */
export function addLocked(entries: Iterable<KeepListEntry>, ends: KeptEnds, tree: ImageTree): void {
  const missing: string[] = [];
  for (const { path, stub } of entries) {
    const real = path as RealPath;
    const reason = { kind: 'rule', rule: 'locked' } as const;
    if (!tree.has(path)) missing.push(path);
    else if (stub) ends.addStub(real, reason);
    else ends.add({ path: real, crossed: [] }, [reason]);
  }
  if (missing.length > 0) {
    const shown = missing.slice(0, SHOWN).map(printPath).join(', ');
    const others = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
    throw new PlanError(
      'PLAN_LOCKED_MISSING',
      `the image lacks ${missing.length} of the paths of the keep list: ${shown}${others}; trace again to make a new list`,
    );
  }
}
