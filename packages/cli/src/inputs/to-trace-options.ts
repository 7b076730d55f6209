import type { Run, TraceOptions } from '@keepset/shrinker';
import type { Console } from '../terminal/console.js';
import type { SourceArguments } from './to-source-arguments.js';

/** The arguments as the shrinker takes them: each run with what all have in common. */
export function toTraceOptions(
  source: SourceArguments,
  { environment }: Pick<Console, 'environment'>,
): TraceOptions & { readonly runs: readonly Run[] } {
  const { image, command, run: options, keep, traceTwice, toolbox, service, jobs, healthCheck } = source;
  const runs: readonly Run[] =
    source.runs.length > 0
      ? source.runs
      : [{ name: 'main', command, ...(service !== undefined && { service }) }];
  return {
    image,
    runs: runs.map((run) => completeRun(run, source, environment)),
    jobs,
    healthCheck,
    keep,
    traceTwice,
    toolbox,
    ...(options.platform !== undefined && { platform: options.platform }),
  };
}

/** A run with what holds for all: its own options go before the common ones. */
export function completeRun(
  run: Run,
  { run: options, allowFailure }: Pick<SourceArguments, 'run' | 'allowFailure'>,
  probeEnvironment: Console['environment'],
): Run {
  return { allowFailure, probeEnvironment, ...run, options: { ...options, ...run.options } };
}
