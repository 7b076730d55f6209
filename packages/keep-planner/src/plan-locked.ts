import type { ImageTree } from '@keepset/image-tree';
import { printPath } from '@keepset/strace-parser';
import type { RealPath } from '@keepset/symlink-resolver';
import { closeOverParents } from './keep-closure.js';
import type { KeepPlan } from './keep-plan.js';
import { KeptEnds } from './kept-ends.js';
import { PlanError } from './plan-error.js';

/**
 * The plan that a keep list is: exactly its paths and their parent directories, no trace and no rule.
 *
 * @param paths  as `parseKeepList` gives them
 * @throws PlanError PLAN_LOCKED_MISSING  when the image lacks a path of the list: it is not the image it was
 */
export function planLocked(paths: Iterable<string>, tree: ImageTree): KeepPlan {
  const ends = new KeptEnds(tree);
  const missing: string[] = [];
  for (const path of paths) {
    const isThere = ends.add({ path: path as RealPath, crossed: [] }, [{ kind: 'rule', rule: 'locked' }]);
    if (!isThere) missing.push(path);
  }
  const [first] = missing;
  if (first !== undefined) {
    const others = missing.length === 1 ? '' : ` and ${missing.length - 1} other paths`;
    throw new PlanError(
      'PLAN_LOCKED_MISSING',
      `the image lacks ${printPath(first)}${others} of the keep list; trace again to make a new list`,
    );
  }
  return { kept: closeOverParents(ends, tree), executed: [], listed: [], warnings: [] };
}
