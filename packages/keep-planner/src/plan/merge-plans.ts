import type { KeepPlan, KeptPath } from './keep-plan.js';
import { mergeWarnings } from './merge-warnings.js';
import { addReason, type Reason } from './reason.js';
import { sortedPaths } from './sorted-paths.js';

/** One plan that keeps what either keeps, for the reasons of both. Both must be of one source. */
export function mergePlans(first: KeepPlan, second: KeepPlan): KeepPlan {
  const paths = sortedPaths([...first.kept.keys(), ...second.kept.keys()]);
  return {
    kept: new Map(
      paths.map((path) => [path, mergeKept(first.kept.get(path), second.kept.get(path)) as KeptPath]),
    ),
    executed: sortedPaths([...first.executed, ...second.executed]),
    listed: sortedPaths([...first.listed, ...second.listed]),
    warnings: mergeWarnings([...first.warnings, ...second.warnings]),
  };
}

function mergeKept(first: KeptPath | undefined, second: KeptPath | undefined): KeptPath | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  const reasons: Reason[] = [...first.reasons];
  for (const reason of second.reasons) addReason(reasons, reason);
  const { path } = first;
  return first.stub && second.stub ? { path, reasons, stub: true } : { path, reasons };
}
