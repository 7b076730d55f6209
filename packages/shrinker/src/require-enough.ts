import type { KeepPlan } from '@keepset/keep-planner';
import type { Source } from './open-source.js';
import { findOverShrink, type OverShrinkSign } from './over-shrink.js';
import { ShrinkError } from './shrink-error.js';
import type { ProvenRun } from './source-run.js';

/**
 * Look for signs that the runs were too little.
 *
 * @param strict  refuse where there is one
 * @throws ShrinkError OVER_SHRUNK
 */
export async function requireEnough(
  strict: boolean,
  source: Source,
  runs: readonly ProvenRun[],
  plan: KeepPlan,
): Promise<readonly OverShrinkSign[]> {
  if (runs.length === 0) return [];
  const signs = findOverShrink({
    config: source.image.config,
    tree: await source.readTree(),
    plan,
    runs: runs.map(({ run: { exitStatus, seconds, trace }, work: { request } }) => ({
      exitStatus,
      seconds,
      ...trace,
      isService: request.service !== undefined,
    })),
  });
  const [first, ...others] = signs;
  if (!strict || first === undefined) return signs;
  throw new ShrinkError(
    'OVER_SHRUNK',
    `no image was made, since the run may be too little: ${first.message}`,
    {
      details: others.map(({ message, cure }) => `also: ${message}; ${cure}`),
      hint: `${first.cure[0]?.toUpperCase()}${first.cure.slice(1)}. Without --strict this is a warning.`,
    },
  );
}
