import { printPath } from '@keepset/strace-parser';
import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts } from './shrink-facts.js';

/** Two traced runs used different files. */
export function runsDiffer({ runs }: ShrinkFacts): OverShrinkSign | undefined {
  const unsteady = runs.flatMap((run) => run.unsteady ?? []);
  const [first] = unsteady;
  if (first === undefined) return undefined;
  const others = unsteady.length === 1 ? '' : ` and ${unsteady.length - 1} other paths`;
  return {
    kind: 'runs-differ',
    message: `two traced runs did not use the same files: ${printPath(first)}${others} in one only`,
    cure: 'both are kept; keep what else may be used',
  };
}
