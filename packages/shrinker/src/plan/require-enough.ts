import type { KeepPlan } from '@keepset/keep-planner';
import type { SourceRun } from '../run/source-run.js';
import { ShrinkError } from '../shrink-error.js';
import type { Source } from '../source/open-source.js';
import { findOverShrink, type OverShrinkSign } from './over-shrink.js';

/** Look for signs that the runs were too little. */
export async function findSigns(
  source: Pick<Source, 'image' | 'tree'>,
  runs: readonly SourceRun[],
  plan: KeepPlan,
): Promise<readonly OverShrinkSign[]> {
  if (runs.length === 0) return [];
  return findOverShrink({
    config: source.image.config,
    tree: await source.tree(),
    plan,
    runs: runs.map(({ run, ended: { exitStatus, seconds }, trace }) => ({
      exitStatus,
      seconds,
      ...trace,
      isService: run.service !== undefined,
    })),
  });
}

/**
 * Refuse where there is such a sign.
 *
 * @throws ShrinkError OVER_SHRUNK
 */
export function requireEnough([first, ...others]: readonly OverShrinkSign[]): void {
  if (first === undefined) return;
  throw new ShrinkError(
    'OVER_SHRUNK',
    `no image was made, since the run may be too little: ${first.message}`,
    {
      details: others.map(({ message, cure }) => `also: ${message}; ${cure}`),
      hint: `${first.cure[0]?.toUpperCase()}${first.cure.slice(1)}.`,
    },
  );
}
