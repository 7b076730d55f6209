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

/** @param identity  who the program is to become; undefined: the container's user, who traces it as well */
export function planLaunch(
  { image, options, seccompFilter = true }: LaunchRequest,
  identity: Identity | undefined,
): Launch {
  const { capAdd, capDrop, dropFromBounding } =
    identity === undefined
      ? { capAdd: options.capAdd ?? [], capDrop: options.capDrop ?? [], dropFromBounding: [] }
      : planCapabilities(options.capAdd ?? [], options.capDrop ?? []);
  const folder = identity === undefined ? `${TRACE_FOLDER}/${OWN_USERS_FOLDER}` : TRACE_FOLDER;
  const environment = new Map([...(image.config.Env ?? []), ...(options.env ?? [])].map(splitVariable));
  const programOnly = [...environment.keys()].filter(isLoaderVariable);
  const home = identity?.home === undefined || environment.has('HOME') ? [] : [`HOME=${identity.home}`];
  return {
    traced: (command, traceName) =>
      traceCommand(command, {
        traceFile: `${folder}/${traceName}`,
        ...(identity && { identity }),
        dropFromBounding,
        programOnlyEnv: programOnly.map((name) => `${name}=${environment.get(name)}`),
        seccompFilter,
      }),
    user: identity === undefined ? undefined : '0:0',
    folder,
    capAdd,
    capDrop,
    // Without a value the engine removes it.
    addedEnv: [...home, ...programOnly],
  };
}

function splitVariable(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
