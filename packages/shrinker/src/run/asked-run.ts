import type { StepOutcome } from '@keepset/tracer';
import type { Run } from './run.js';

/**
 * A run as it was asked: what a crawl of the source found is from now on asked like any other step, so that all runs are
 * asked the same.
 *
 * @param answers  of the run in the source
 */
export function askedRun(run: Run, answers: readonly Pick<StepOutcome, 'step'>[]): Run {
  if (run.service?.crawl === undefined) return run;
  const { crawl: _, ...service } = run.service;
  return { ...run, service: { ...service, steps: answers.map(({ step }) => step) } };
}
