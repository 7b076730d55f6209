import type { SourceRequest } from '@keepset/shrinker';
import type { Console } from '../terminal/console.js';
import type { SourceArguments } from './to-source-arguments.js';

/** The arguments as the shrinker takes them. */
export function toSourceRequest(
  { toolbox, image, command, run, keep, allowFailure, traceTwice, service, ...wishes }: SourceArguments,
  { environment }: Console,
): SourceRequest & Pick<SourceArguments, 'runs' | 'jobs' | 'healthCheck'> {
  const base = environment.KEEPSET_TOOLBOX_BASE;
  const { runs, jobs, healthCheck } = wishes;
  return {
    image,
    command,
    run,
    keep,
    allowFailure,
    traceTwice,
    ...(service !== undefined && { service }),
    runs,
    jobs,
    healthCheck,
    environment,
    toolbox: { source: toolbox, ...(base && { base }) },
  };
}
