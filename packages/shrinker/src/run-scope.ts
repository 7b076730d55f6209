import { effectiveCommand, type RunOptions } from '@keepset/docker-engine';
import { healthCheckOf, type Service } from '@keepset/tracer';
import type { Source } from './open-source.js';
import { ShrinkError } from './shrink-error.js';
import type { Expectation, SourceRequest, Work } from './work.js';

/** A command with a name, by which it is told from others. */
export interface NamedCommand {
  readonly name: string;
  /** As it follows IMAGE; empty: the image's own. */
  readonly command: readonly string[];
  /** Its own options of docker run: each goes before that of all runs. */
  readonly run?: RunOptions;
  /** What is to be asked of it, if it does not end by itself. */
  readonly service?: Service;
  /** Its own standard input, as often as it is asked for; `run.interactive` is then set. Default: the caller's. */
  readonly stdin?: () => AsyncIterable<Uint8Array>;
  /** What it must do in the source, beside succeeding. */
  readonly expect?: Expectation;
  /** Go on also when it fails. Default: as for all runs. */
  readonly allowFailure?: boolean;
  /** See `SourceRequest.secondsMax`. */
  readonly secondsMax?: number;
  /** Whether its output is nobody's concern. Default false. */
  readonly isSilent?: boolean;
  /** Whether an image that lacks its program can do without it. Default false. */
  readonly isOptional?: boolean;
}

/** What is at hand for one of several commands: everything that is common, with the command its own. */
export interface RunScope {
  readonly name: string;
  /** See `NamedCommand.isOptional`. */
  readonly isOptional: boolean;
  readonly work: Work;
  readonly source: Source;
}

/** Of the only run, where nobody gave it another name. */
export const MAIN = 'main';

/** The run of a request that names none. */
export function mainRun({ command, service }: SourceRequest): NamedCommand {
  return { name: MAIN, command, ...(service !== undefined && { service }) };
}

/** @throws ShrinkError COMMAND_MISSING, HEALTHCHECK_MISSING */
export function scopeRun(work: Work, source: Source, named: NamedCommand): RunScope {
  const { name, command } = named;
  const request = toRunRequest(work.request, named);
  const merged = effectiveCommand(source.image.config, command, request.run.entrypoint);
  if (merged.length === 0)
    throw new ShrinkError('COMMAND_MISSING', `'${request.image}' has no ENTRYPOINT and no CMD`, {
      hint: 'Say which command to run.',
    });
  const isHealthAwaited = named.service?.ready.some(({ kind }) => kind === 'healthy') === true;
  if (isHealthAwaited && healthCheckOf(source.image.config) === undefined)
    throw new ShrinkError('HEALTHCHECK_MISSING', `'${request.image}' has no HEALTHCHECK that could pass`, {
      hint: 'Say otherwise what shows that it is ready: --ready port=80, http=/path, log=REGEX.',
    });
  return {
    name,
    isOptional: named.isOptional ?? false,
    work: { ...work, request, ...(named.isSilent && { streams: { ...work.streams, onOutput: () => {} } }) },
    source: { ...source, command: merged },
  };
}

function toRunRequest(
  { service: _, secondsMax: __, expect: ___, stdin: ____, ...request }: SourceRequest,
  { command, run, service, allowFailure, secondsMax, expect, stdin }: NamedCommand,
): SourceRequest {
  return {
    ...request,
    command,
    run: { ...request.run, ...run },
    ...(service !== undefined && { service }),
    ...(allowFailure !== undefined && { allowFailure }),
    ...(secondsMax !== undefined && { secondsMax }),
    ...(expect !== undefined && { expect }),
    ...(stdin !== undefined && { stdin }),
  };
}
