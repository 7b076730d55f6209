import type { PlanWarning } from './plan-warning.js';

/**
 * The warnings of several plans of one source, each once: those that differ only in the runs that they are of become one
 * of all these runs, and counts are summed.
 */
export function mergeWarnings(warnings: readonly PlanWarning[]): readonly PlanWarning[] {
  const merged = new Map<string, PlanWarning>();
  for (const warning of warnings) {
    const key = keyOf(warning);
    const known = merged.get(key);
    merged.set(key, known === undefined ? warning : joined(known, warning));
  }
  return [...merged.values()];
}

/** What it is of, whichever runs led to it. */
function keyOf(warning: PlanWarning): string {
  switch (warning.kind) {
    case 'unplaced':
      return warning.kind;
    case 'secret':
    case 'setuid':
      return JSON.stringify({ ...warning, runs: [] });
    default:
      return JSON.stringify(warning);
  }
}

/** @param second  of the same key */
function joined(first: PlanWarning, second: PlanWarning): PlanWarning {
  if (first.kind === 'unplaced' && second.kind === 'unplaced')
    return { ...first, count: first.count + second.count };
  if ('runs' in first && 'runs' in second)
    return { ...first, runs: [...new Set([...first.runs, ...second.runs])] };
  return first;
}
