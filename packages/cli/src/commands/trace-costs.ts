import { type SourceRuns, toSourceRuns } from '@keepset/manifest';
import { traceRuns } from '@keepset/shrinker';
import { COST } from '../definitions/cost.js';
import { engineOf } from '../inputs/engine-of.js';
import { toSourceArguments } from '../inputs/to-source-arguments.js';
import { toTraceOptions } from '../inputs/to-trace-options.js';
import type { CommandLineOf } from '../options/command-definition.js';
import type { Console } from '../terminal/console.js';
import { createProgress } from '../terminal/progress.js';
import { runStreams } from '../terminal/run-streams.js';

/** The runs of `keepset cost`, traced one after another. */
export async function traceCosts(
  { options, operands }: CommandLineOf<typeof COST>,
  console: Console,
): Promise<SourceRuns> {
  const source = await toSourceArguments(
    { options, operands, service: undefined, usage: COST.usage[0] },
    console,
  );
  const { jobs: _, healthCheck: __, ...request } = toTraceOptions(source, console);
  const { quiet: isQuiet } = source;
  const progress = await createProgress(console, isQuiet);
  await using engine = await engineOf(console);
  try {
    const streams = runStreams(console, { progress, isQuiet, standardOutput: 'error' });
    return toSourceRuns(await traceRuns(engine, request, streams));
  } finally {
    progress.clear();
  }
}
