import {
  effectiveCommand,
  type ImageDetails,
  type RunOptions,
  toContainerConfig,
} from '@keepset/docker-engine';
import { healthCheckOf, type Service } from '@keepset/tracer';
import { ShrinkError } from '../shrink-error.js';

/** One command with a name, and all that belongs to running it. */
export interface Run {
  /** By which it is told from others. */
  readonly name: string;
  /** As it follows IMAGE; empty: the image's own ENTRYPOINT and CMD. */
  readonly command: readonly string[];
  /** Options of docker run. Default none. */
  readonly options?: RunOptions;
  /** What is asked of a command that does not end by itself. Default nothing: its end is awaited. */
  readonly service?: Service;
  /** The variables of the service's probes, which run on the caller's machine. Default none. */
  readonly probeEnvironment?: Readonly<Record<string, string | undefined>>;
  /** Its standard input, as often as it is asked for; `options.interactive` is then set. Default: the caller's. */
  readonly stdin?: () => AsyncIterable<Uint8Array>;
  /** What it must do in the source. Default: end with 0. */
  readonly expectation?: Expectation;
  /** How long it may take before it is killed. Default: as long as it likes. */
  readonly timeoutSeconds?: number;
  /** Go on also when it fails; it must then fail in the same way in the result. Default false. */
  readonly allowFailure?: boolean;
  /** Whether an image that lacks its program can do without it. Default false. */
  readonly optional?: boolean;
  /** Whether its output is nobody's concern. Default false. */
  readonly silent?: boolean;
}

/** What shows that a run did what it was meant to do. */
export interface Expectation {
  /** Default 0. */
  readonly exitStatus?: number;
  /** What must match its standard output. */
  readonly stdout?: RegExp;
  readonly stderr?: RegExp;
}

/** Of the only run, where nobody gave it another name. */
export const MAIN = 'main';

/** Before what is said of a run that has a name of its own: `plots: `. */
export function prefixOf({ name }: Pick<Run, 'name'>): string {
  return name === MAIN ? '' : `${name}: `;
}

/** The runs that are meant where none is named: the image's own command. */
export const DEFAULT_RUNS: readonly Run[] = [{ name: MAIN, command: [] }];

/**
 * What cannot be understood must not be found out after a long run.
 *
 * @throws EngineError RUN_OPTION_INVALID
 */
export function checkRuns(runs: readonly Run[]): void {
  for (const { command, options = {} } of runs) toContainerConfig('', command, options);
}

/**
 * ENTRYPOINT and CMD of a run as they are merged.
 *
 * @throws ShrinkError COMMAND_MISSING, HEALTHCHECK_MISSING
 */
export function commandOf(
  { command, options = {}, service }: Run,
  { reference, image }: { readonly reference: string; readonly image: Pick<ImageDetails, 'config'> },
): readonly string[] {
  const merged = effectiveCommand(image.config, command, options.entrypoint);
  if (merged.length === 0)
    throw new ShrinkError('COMMAND_MISSING', `'${reference}' has no ENTRYPOINT and no CMD`, {
      hint: 'Say which command to run.',
    });
  const isHealthAwaited = service?.ready.some(({ kind }) => kind === 'healthy') === true;
  if (isHealthAwaited && healthCheckOf(image.config) === undefined)
    throw new ShrinkError('HEALTHCHECK_MISSING', `'${reference}' has no HEALTHCHECK that could pass`, {
      hint: 'Await something else that shows that it is ready: a port, an answer, a line of its log.',
    });
  return merged;
}
