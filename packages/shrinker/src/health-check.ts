import type { ImageDetails } from '@keepset/docker-engine';
import { healthCheckOf } from '@keepset/tracer';
import type { NamedCommand } from './run-scope.js';

/** Of the run that an image's HEALTHCHECK is where there is no service that it could ask. */
const HEALTH_CHECK = 'healthcheck';

/** @see Dockerfile reference, HEALTHCHECK, --timeout */
const TIMEOUT_SECONDS = 30;

/**
 * The image's HEALTHCHECK as a run by itself. The engine starts it beside the command, where no tracer sees it: what it
 * is made of must be there, though alone it will rarely find the image healthy.
 *
 * @returns undefined where there is none
 */
export function healthCheckRun({ config }: Pick<ImageDetails, 'config'>): NamedCommand | undefined {
  const [program, ...rest] = healthCheckOf(config) ?? [];
  if (program === undefined) return undefined;
  const { Timeout = 0 } = (config.Healthcheck ?? {}) as { readonly Timeout?: number };
  return {
    name: HEALTH_CHECK,
    command: rest,
    run: { entrypoint: program, interactive: false, tty: false },
    allowFailure: true,
    // The engine counts in nanoseconds.
    secondsMax: Timeout > 0 ? Timeout / 1e9 : TIMEOUT_SECONDS,
    isSilent: true,
    isOptional: true,
  };
}
