import type { ImageDetails } from '@keepset/docker-engine';
import { healthCheckOf } from '@keepset/tracer';
import type { Run } from './run.js';

/** Of the run that an image's HEALTHCHECK is where there is no service that it could ask. */
const HEALTH_CHECK = 'healthcheck';

/** @see Dockerfile reference, HEALTHCHECK, --timeout */
const TIMEOUT_SECONDS = 30;

/**
 * The runs, and the image's HEALTHCHECK as one more, unless services ask it themselves. The engine starts it beside the
 * command, where no tracer sees it: what it is made of must be there, though alone it will rarely find the image healthy.
 */
export function withHealthCheck(
  runs: readonly Run[],
  { config }: Pick<ImageDetails, 'config'>,
): readonly Run[] {
  if (runs.some(({ service }) => service !== undefined)) return runs;
  const [program, ...rest] = healthCheckOf(config) ?? [];
  if (program === undefined) return runs;
  const { options = {} } = runs[0] ?? {};
  const { Timeout = 0 } = (config.Healthcheck ?? {}) as { readonly Timeout?: number };
  const check: Run = {
    name: HEALTH_CHECK,
    command: rest,
    options: { ...options, entrypoint: program, interactive: false, tty: false },
    allowFailure: true,
    // The engine counts in nanoseconds.
    timeoutSeconds: Timeout > 0 ? Timeout / 1e9 : TIMEOUT_SECONDS,
    silent: true,
    optional: true,
  };
  return [...runs, check];
}
