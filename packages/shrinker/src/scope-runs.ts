import { toContainerConfig } from '@keepset/docker-engine';
import { healthCheckRun } from './health-check.js';
import type { Source } from './open-source.js';
import { mainRun, type NamedCommand, type RunScope, scopeRun } from './run-scope.js';
import type { SourceRequest, Work } from './work.js';

/** By which runs an image is known. */
export interface RunWishes {
  /** Several commands, each name once, whose files are kept together. Default one, `command`. */
  readonly runs?: readonly NamedCommand[];
  /** How many of them are traced at a time. Default 1. */
  readonly jobs?: number;
  /** Trace, and verify, the image's HEALTHCHECK as well. Default true. */
  readonly healthCheck?: boolean;
}

/** The runs that a request names. */
export function commandsOf(request: SourceRequest & RunWishes): readonly NamedCommand[] {
  const { runs = [] } = request;
  return runs.length > 0 ? runs : [mainRun(request)];
}

/** The request with the command of its first run: an image need not have one of its own. */
export function withFirstCommand<T extends SourceRequest & RunWishes>(request: T): T {
  return { ...request, command: commandsOf(request)[0]?.command ?? request.command };
}

/**
 * What cannot be understood must not be found out after a long run.
 *
 * @throws EngineError RUN_OPTION_INVALID
 */
export function checkCommands({ image, run }: SourceRequest, commands: readonly NamedCommand[]): void {
  for (const each of commands) toContainerConfig(image, each.command, { ...run, ...each.run });
}

/**
 * Every run of a request, and the image's HEALTHCHECK, unless services ask it themselves.
 *
 * @throws ShrinkError COMMAND_MISSING, HEALTHCHECK_MISSING
 */
export function scopeRuns(
  work: Work,
  source: Source,
  request: SourceRequest & RunWishes,
): readonly RunScope[] {
  const commands = commandsOf(request);
  const isAsked = commands.some(({ service }) => service !== undefined);
  const check = request.healthCheck === false || isAsked ? undefined : healthCheckRun(source.image);
  return [...commands, ...(check === undefined ? [] : [check])].map((command) =>
    scopeRun(work, source, command),
  );
}
