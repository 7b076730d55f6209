import type { ImageConfig, MountConfig } from '@keepset/docker-engine';
import { type Identity, type Launch, planLaunch } from '@keepset/tracer';
import {
  type AskedContainer,
  type MergedContainer,
  mergeWithImage,
  nameOf,
  programOf,
} from './asked-container.js';

/** How a container is to be traced. */
export interface TracingPlan {
  readonly identity: Identity;
  /** The toolbox, and where the traces go. */
  readonly mounts: readonly MountConfig[];
  /** Of process 1; each further trace of the container begins with it. */
  readonly traceName: string;
  readonly seccompFilter: boolean;
}

/** A container as it is created, and what it was asked to be. */
export interface TracedCreate {
  /** For the engine. */
  readonly body: AskedContainer;
  /** As the engine would have made it. */
  readonly merged: MergedContainer;
  readonly launch: Launch;
}

/**
 * What is to be created in place of what a client asked for: the same process 1 with strace beside it, which alone is
 * root. The environment, networks, volumes, limits and all else stay the client's.
 *
 * @param image  whose configuration fills what the client left out
 * @returns undefined: there is nothing to run, and the engine says so itself
 */
export function toTracedCreate(
  asked: AskedContainer,
  image: { readonly config: ImageConfig },
  { identity, mounts, traceName, seccompFilter }: TracingPlan,
): TracedCreate | undefined {
  const merged = mergeWithImage(asked, image.config);
  const program = programOf(merged);
  if (program.length === 0) return undefined;
  const host = asked.HostConfig ?? {};
  const launch = planLaunch(
    {
      image,
      options: { env: asked.Env ?? [], capAdd: host.CapAdd ?? [], capDrop: host.CapDrop ?? [] },
      seccompFilter,
      append: true,
      programsHome: true,
    },
    identity,
  );
  const [entrypoint = '', ...rest] = launch.traced(program, traceName);
  const health = tracedHealthcheck(
    merged.Healthcheck,
    asked.Shell ?? imageShell(image.config),
    launch,
    traceName,
  );
  const body: AskedContainer = {
    ...asked,
    Entrypoint: [entrypoint],
    Cmd: rest,
    // Nobody is root: commit has no way to say so of one that is named.
    ...(merged.User !== '' && { User: launch.user ?? merged.User }),
    Env: withoutValues(asked.Env ?? [], launch.addedEnv),
    ...(health !== undefined && { Healthcheck: health }),
    HostConfig: {
      ...host,
      CapAdd: launch.capAdd,
      CapDrop: launch.capDrop,
      Mounts: [...(host.Mounts ?? []), ...mounts.map((mount) => ({ ...mount }))],
    },
  };
  return { body, merged, launch };
}

/** Variables that act on the toolbox's programs: the program is told them by its launcher. */
function withoutValues(env: readonly string[], names: readonly string[]): readonly string[] {
  const removed = new Set(names);
  return [...env.filter((variable) => !removed.has(nameOf(variable))), ...names];
}

/** The engine runs it as the container's user, who traces. */
function tracedHealthcheck(
  healthcheck: MergedContainer['Healthcheck'],
  shell: readonly string[],
  launch: Launch,
  traceName: string,
): MergedContainer['Healthcheck'] {
  const [kind, ...words] = healthcheck?.Test ?? [];
  if (healthcheck === undefined || (kind !== 'CMD' && kind !== 'CMD-SHELL')) return undefined;
  const command = kind === 'CMD' ? words : [...shell, ...words];
  return { ...healthcheck, Test: ['CMD', ...launch.traced(command, `${traceName}-health`)] };
}

function imageShell({ Shell }: ImageConfig): readonly string[] {
  return Array.isArray(Shell) && Shell.length > 0 ? (Shell as string[]) : ['/bin/sh', '-c'];
}
