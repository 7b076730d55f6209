import type { SourceRequest } from '@keepset/shrinker';
import type { Console } from '../terminal/console.js';
import type { SourceArguments } from './to-source-arguments.js';

/** The arguments as the shrinker takes them. */
export function toSourceRequest(
  {
    image,
    command,
    run,
    keep,
    allowFailure,
    traceTwice,
    toolbox,
    service,
    runs,
    jobs,
    healthCheck,
  }: SourceArguments,
  { environment }: Console,
): SourceRequest & Pick<SourceArguments, 'runs' | 'jobs' | 'healthCheck'> {
  return {
    image,
    command,
    run,
    keep,
    allowFailure,
    traceTwice,
    toolbox,
    ...(service !== undefined && { service }),
    runs,
    jobs,
    healthCheck,
    environment,
  };
}
