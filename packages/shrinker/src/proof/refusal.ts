import type { KeepPlan } from '@keepset/keep-planner';
import type { Repair } from '@keepset/manifest';
import type { Difference } from '@keepset/run-comparison';
import { MAIN } from '../run/run.js';
import type { SourceRun } from '../run/source-run.js';
import { ShrinkError } from '../shrink-error.js';
import type { RunVerdict } from './judge-all.js';
import { printDiff, printDifference } from './print-difference.js';

const DIFFERENCES_SHOWN = 3;

/** Why a result is refused: in what it differs from the source. */
export function refusal(
  failing: readonly RunVerdict[],
  plan: Pick<KeepPlan, 'listed'>,
  repairs: readonly Repair[],
): ShrinkError {
  const differences = failing.flatMap((verdict) => verdict.differences);
  const shown = failing
    .flatMap(({ run, differences }) => differences.map((each) => `${prefixOf(run)}${printDifference(each)}`))
    .slice(0, DIFFERENCES_SHOWN);
  const others = differences.length - shown.length;
  const repaired =
    repairs.length === 0
      ? ''
      : ` though ${repairs.length === 1 ? '1 path was' : `${repairs.length} paths were`} added`;
  return new ShrinkError(
    'VERIFICATION_FAILED',
    `the result does not behave as the source${repaired}: ${shown.join('; ')}${others > 0 ? `; and ${others} more` : ''}`,
    {
      details: differences.slice(0, DIFFERENCES_SHOWN).flatMap(printDiff),
      facts: { listedDirectories: plan.listed.length },
      hint: 'It was not named. Say what may differ, or what else must stay.',
    },
  );
}

/** The same result differs in one run and not in another: neither a repair nor a verification would mean anything. */
export function resultFlaky(run: SourceRun, differences: readonly Difference[]): ShrinkError {
  const shown = differences.slice(0, DIFFERENCES_SHOWN);
  return new ShrinkError(
    'RESULT_FLAKY',
    `${prefixOf(run)}the result differs from the source in some of its runs only: ${shown.map(printDifference).join('; ')}`,
    {
      details: shown.flatMap(printDiff),
      hint: 'It was not named. Say what may differ, or make the command do the same each time.',
    },
  );
}

function prefixOf({ run }: SourceRun): string {
  return run.name === MAIN ? '' : `run '${run.name}': `;
}
