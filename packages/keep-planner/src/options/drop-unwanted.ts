import { printPath } from '@keepset/strace-parser';
import { openingReason } from '../accesses/opened.js';
import type { Keeping } from '../plan/keeping.js';
import { PlanError } from '../plan/plan-error.js';
import { selectEntries } from './select-entries.js';

/**
 * Take away what the user's patterns name, unless a run opened it, or the kernel had to for one: then it is an
 * error that says which run. A directory or link on the way to something that stays, stays too.
 *
 * @throws PlanError PLAN_DROP_NEEDED, PLAN_BAD_PATTERN
 */
export async function dropUnwanted(
  patterns: readonly string[],
  { source, ends, warnings }: Keeping,
): Promise<void> {
  const { entries, unmatched } = await selectEntries(patterns, source, { followLast: false });
  warnings.push(
    ...unmatched.map((pattern) => ({ kind: 'pattern-unmatched', option: 'drop', pattern }) as const),
  );
  const needed: string[] = [];
  for (const [path, { pattern }] of entries) {
    const end = ends.get(path);
    const entry = source.tree.get(path);
    if (end === undefined || entry === undefined) continue;
    const opened = openingReason(entry, end.reasons);
    const loaded = end.reasons.find(
      (reason) => reason.kind === 'rule' && (reason.rule === 'interpreter' || reason.rule === 'loader'),
    );
    const dropped = `the pattern ${pattern} of what to drop names ${printPath(path)}`;
    if (opened !== undefined) {
      needed.push(
        `${dropped}, which the run "${opened.run}" needs (${opened.call}, line ${opened.line} of its trace)`,
      );
    } else if (loaded?.kind === 'rule') {
      needed.push(`${dropped}, which is the ${loaded.rule} of ${printPath(loaded.from ?? '')}`);
    } else ends.remove(path);
  }
  const [first] = needed;
  if (first === undefined) return;
  const others = needed.length === 1 ? '' : `; so are ${needed.length - 1} others`;
  throw new PlanError('PLAN_DROP_NEEDED', `${first}${others}; make the pattern narrower`);
}
