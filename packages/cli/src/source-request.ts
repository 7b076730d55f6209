import type { SourceRequest } from '@keepset/shrinker';
import type { Console } from './console.js';
import type { SourceArguments } from './parse-source.js';

/** The arguments as the shrinker takes them. */
export function toSourceRequest(
  { toolbox, image, command, run, keep, allowFailure, traceTwice, service }: SourceArguments,
  { environment }: Console,
): SourceRequest {
  const base = environment.KEEPSET_TOOLBOX_BASE;
  return {
    image,
    command,
    run,
    keep,
    allowFailure,
    traceTwice,
    ...(service !== undefined && { service }),
    environment,
    toolbox: { source: toolbox, ...(base && { base }) },
  };
}
