import type { ImageDetails, RunOptions } from '@keepset/docker-engine';
import { isLoaderVariable } from '@keepset/toolbox';
import { planCapabilities } from './capabilities.js';
import type { Identity } from './identity.js';
import { traceCommand } from './trace-command.js';
import { OWN_USERS_FOLDER, TRACE_FOLDER } from './trace-files.js';

/** What is to be launched. */
export interface LaunchRequest {
  readonly image: Pick<ImageDetails, 'config'>;
  readonly options: RunOptions;
  /** See `traceCommand`. Default true. */
  readonly seccompFilter?: boolean;
  /** See `traceCommand`. Default false. */
  readonly append?: boolean;
  /** See `traceCommand`. Default: only some calls are traced. */
  readonly allCallsBut?: readonly string[];
  /**
   * Whether the program alone is told its HOME, so that the container's environment stays what its caller asked for.
   * Default false: the container has it.
   */
  readonly programsHome?: boolean;
}

/** How programs are started in the traced container. */
export interface Launch {
  /** Makes of a command one that runs it traced, as who it should be, into a file of this name. */
  traced(command: readonly string[], traceName: string): readonly string[];
  /** Whom the tracer runs as; undefined: whoever the program is. */
  readonly user: string | undefined;
  /** Of the traces. */
  readonly folder: string;
  /** What the container needs for that. */
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly addedEnv: readonly string[];
}

/**
 * How programs are started in a container under strace.
 *
 * @param identity  who the program is to become; undefined: the container's user, who traces it as well
 */
export function planLaunch(
  { image, options, seccompFilter = true, append = false, allCallsBut, programsHome = false }: LaunchRequest,
  identity: Identity | undefined,
): Launch {
  const { capAdd, capDrop, dropFromBounding } =
    identity === undefined
      ? { capAdd: options.capAdd ?? [], capDrop: options.capDrop ?? [], dropFromBounding: [] }
      : planCapabilities(options.capAdd ?? [], options.capDrop ?? []);
  const folder = identity === undefined ? `${TRACE_FOLDER}/${OWN_USERS_FOLDER}` : TRACE_FOLDER;
  const environment = new Map<string, string>();
  for (const variable of [...(image.config.Env ?? []), ...(options.env ?? [])]) {
    const [name, value] = splitVariable(variable);
    // A name alone takes away what the image has.
    if (value === undefined) environment.delete(name);
    else environment.set(name, value);
  }
  const programOnly = [...environment.keys()].filter(isLoaderVariable);
  const home = identity?.home === undefined || environment.has('HOME') ? [] : [`HOME=${identity.home}`];
  return {
    traced: (command, traceName) =>
      traceCommand(command, {
        traceFile: `${folder}/${traceName}`,
        ...(identity && { identity }),
        dropFromBounding,
        programOnlyEnv: [
          ...programOnly.map((name) => `${name}=${environment.get(name)}`),
          // Root, who traces, has root's.
          ...(programsHome && identity?.uid !== 0 ? home : []),
        ],
        seccompFilter,
        append,
        ...(allCallsBut !== undefined && { allCallsBut }),
      }),
    user: identity === undefined ? undefined : '0:0',
    folder,
    capAdd,
    capDrop,
    // Without a value the engine removes it.
    addedEnv: [...(programsHome ? [] : home), ...programOnly],
  };
}

function splitVariable(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
