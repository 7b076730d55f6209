import type { Keeping } from '../plan/keeping.js';
import { keepStartable } from './keep-programs.js';
import { textPath } from './path-text.js';
import { selectEntries } from './select-entries.js';

/**
 * Keep what the user's patterns name; a program with what it needs to be started.
 *
 * @throws PlanError PLAN_BAD_PATTERN
 */
export async function keepWanted(patterns: readonly string[], keeping: Keeping): Promise<void> {
  const { source, ends, warnings } = keeping;
  const { entries, unmatched } = await selectEntries(patterns, source, { followLast: true });
  for (const [path, { pattern, crossed }] of entries) {
    ends.add({ path, crossed }, [{ kind: 'rule', rule: 'keep', from: textPath(pattern) }]);
  }
  // A pattern that is the path of a program, and not a folder of many, is meant to be started.
  await keepStartable(
    [...entries].flatMap(([path, { crossed }]) => (crossed.length > 0 ? [path] : [])),
    keeping,
  );
  warnings.push(
    ...unmatched.map((pattern) => ({ kind: 'pattern-unmatched', option: 'keep', pattern }) as const),
  );
}
