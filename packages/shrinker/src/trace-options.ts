import { parsePathPattern } from '@keepset/keep-planner';
import type { ToolboxOptions } from '@keepset/toolbox';
import type { KeepOptions } from './plan/plan-run.js';
import type { ShrinkEvent } from './progress.js';
import { withHealthCheck } from './run/health-check.js';
import { checkRuns, commandOf, DEFAULT_RUNS, type Run } from './run/run.js';
import type { OnOutput } from './run/runner.js';
import type { Source } from './source/open-source.js';

/** Which image, which runs of it, and how they are traced. */
export interface TraceOptions {
  /** Name or id of the source. */
  readonly image: string;
  /** Each name once; what any of them uses is kept. Default one, the image's own command. */
  readonly runs?: readonly Run[];
  /** How many are traced at a time. Default 1. */
  readonly jobs?: number;
  /** Trace, and verify, the image's HEALTHCHECK as well. Default true. */
  readonly healthCheck?: boolean;
  /** Trace each command twice, keep what either run used, and warn where they differ. Default false. */
  readonly traceTwice?: boolean;
  /** What is kept or dropped besides. */
  readonly keep?: KeepOptions;
  /** OS/ARCHITECTURE[/VARIANT] to pull, where the engine has not got the image. Default: the engine's own. */
  readonly platform?: string;
  readonly toolbox?: ToolboxOptions;
}

/** The outside world of a shrink. */
export interface ShrinkStreams {
  /**
   * The output of the commands in the source, as it comes. A command that executes setuid programs is run twice (see
   * the note TRACED_AGAIN): both outputs come, and the second is the one that counts.
   */
  readonly onOutput: OnOutput;
  /** For the commands' standard input, where their `options.interactive` is set; the result is given the same. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly onEvent: (event: ShrinkEvent) => void;
}

/**
 * What cannot be understood must not be found out after a long run.
 *
 * @throws EngineError RUN_OPTION_INVALID; PlanError PLAN_BAD_PATTERN
 */
export function checkTraceOptions({
  runs = DEFAULT_RUNS,
  keep = {},
}: Pick<TraceOptions, 'runs' | 'keep'>): void {
  checkRuns(runs);
  for (const pattern of [...(keep.keep ?? []), ...(keep.drop ?? [])]) parsePathPattern(pattern);
}

/**
 * All runs, the image's HEALTHCHECK included.
 *
 * @throws ShrinkError COMMAND_MISSING, HEALTHCHECK_MISSING
 */
export function allRuns(
  { runs = DEFAULT_RUNS, healthCheck = true }: Pick<TraceOptions, 'runs' | 'healthCheck'>,
  source: Pick<Source, 'reference' | 'image'>,
): readonly Run[] {
  const all = healthCheck ? withHealthCheck(runs, source.image) : runs;
  for (const run of all) commandOf(run, source);
  return all;
}
