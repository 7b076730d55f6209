import {
  AsyncDisposableStack,
  type Container,
  type ContainerConfig,
  type Engine,
  EngineError,
  effectiveCommand,
  type ImageDetails,
  type RunOptions,
  toContainerConfig,
} from '@keepset/docker-engine';
import type { Toolbox } from '@keepset/toolbox';
import type { Launch } from './plan-launch.js';
import { MAIN_TRACE, OWN_USERS_FOLDER, TRACE_FOLDER } from './trace-files.js';

/** A container whose process 1 is to be traced, and how. */
export interface TracedContainer {
  readonly container: Container;
  /** What it was created from. */
  readonly config: ContainerConfig;
  readonly launch: Launch;
}

/** As whom the tracer runs: the program's own user, where the engine forbids a tracer with rights of its own. */
export type TracerUser = 'root' | 'own user';

/**
 * Create a container in which strace is root where the engine lets it, else the program's own user.
 *
 * @param plan  the container for either
 * @throws EngineError
 */
export async function createTraced(
  engine: Engine,
  plan: (tracer: TracerUser) => Omit<TracedContainer, 'container'>,
): Promise<TracedContainer> {
  const asRoot = plan('root');
  try {
    return { ...asRoot, container: await engine.createContainer(asRoot.config, 'trace') };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'ENGINE_FORBIDS') throw error;
  }
  const asUser = plan('own user');
  await using created = new AsyncDisposableStack();
  const container = created.use(await engine.createContainer(asUser.config, 'trace'));
  const header = { name: OWN_USERS_FOLDER, type: 'directory', mode: 0o1777 };
  await container.putFiles(TRACE_FOLDER, [{ header }]);
  created.move();
  return { ...asUser, container };
}

/** A command of an image, as it would run there, to be traced. */
export interface TracedCommand {
  readonly image: ImageDetails;
  /** What follows IMAGE; empty: the image's own. */
  readonly command: readonly string[];
  readonly options: RunOptions;
}

/** Where a name stands twice, an engine does not remove it. */
function withAdded(env: readonly string[], added: readonly string[]): readonly string[] {
  const nameOf = (variable: string) => variable.split('=')[0];
  const names = new Set(added.map(nameOf));
  return [...env.filter((variable) => !names.has(nameOf(variable))), ...added];
}

/** The container that the command would run in, with the tracer and its trace beside it. */
export function toTracedConfig(
  { image, command, options }: TracedCommand,
  toolbox: Pick<Toolbox, 'mount'>,
  launch: Launch,
): ContainerConfig {
  const plain = toContainerConfig(image.id, command, options);
  const program = effectiveCommand(image.config, command, options.entrypoint);
  const [entrypoint = '', ...rest] = launch.traced(program, MAIN_TRACE);
  return {
    ...plain,
    Entrypoint: [entrypoint],
    Cmd: rest,
    ...(launch.user !== undefined && { User: launch.user }),
    Env: withAdded(plain.Env ?? [], launch.addedEnv),
    // The engine would start it untraced.
    Healthcheck: { Test: ['NONE'] },
    Volumes: { ...plain.Volumes, [TRACE_FOLDER]: {} },
    HostConfig: {
      ...plain.HostConfig,
      CapAdd: launch.capAdd,
      CapDrop: launch.capDrop,
      Mounts: [...(plain.HostConfig?.Mounts ?? []), toolbox.mount],
    },
  };
}
