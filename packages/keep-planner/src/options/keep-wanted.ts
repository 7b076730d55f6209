import type { Keeping } from '../plan/keeping.js';
import { textPath } from './path-text.js';
import { selectEntries } from './select-entries.js';

/**
 * Keep what the user's patterns name.
 *
 * @throws PlanError PLAN_BAD_PATTERN
 */
export async function keepWanted(
  patterns: readonly string[],
  { source, ends, warnings }: Keeping,
): Promise<void> {
  const { entries, unmatched } = await selectEntries(patterns, source, { followLast: true });
  for (const [path, { pattern, crossed }] of entries) {
    ends.add({ path, crossed }, [{ kind: 'rule', rule: 'keep', from: textPath(pattern) }]);
  }
  warnings.push(
    ...unmatched.map((pattern) => ({ kind: 'pattern-unmatched', option: 'keep', pattern }) as const),
  );
}
