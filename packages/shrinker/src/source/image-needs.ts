import { type ImageDetails, type RunOptions, toContainerConfig } from '@keepset/docker-engine';
import type { ImageNeeds } from '@keepset/keep-planner';
import { toBytes } from './byte-string.js';

/**
 * What the configuration, and the run, make the engine need, in byte strings.
 *
 * @param options  of the run
 */
export function toNeeds({ config }: Pick<ImageDetails, 'config'>, options: RunOptions = {}): ImageNeeds {
  const { workdir } = options;
  const path = (config.Env ?? []).find((variable) => variable.startsWith('PATH='))?.slice('PATH='.length);
  const shell = config.Shell as readonly string[] | null | undefined;
  return {
    volumes: Object.keys(config.Volumes ?? {}).map(toBytes),
    ...(config.WorkingDir && { workingDirectory: toBytes(config.WorkingDir) }),
    mountPoints: mountPointsOf(options).map(toBytes),
    ...(workdir !== undefined && { runDirectory: toBytes(workdir) }),
    ...(config.User && { user: config.User }),
    ...(config.Healthcheck?.Test && { healthcheck: config.Healthcheck.Test.map(toBytes) }),
    ...(config.Entrypoint && { entrypoint: config.Entrypoint.map(toBytes) }),
    ...(config.Cmd && { command: config.Cmd.map(toBytes) }),
    ...(shell && { shell: shell.map(toBytes) }),
    ...(path !== undefined && { path: toBytes(path) }),
  };
}

/** Where the engine puts its own init, through whatever links are on the way. @see docker-run(1), init */
const INIT = '/sbin/docker-init';

/** Where the engine makes or mounts something for a run. */
function mountPointsOf(options: RunOptions): readonly string[] {
  const { HostConfig = {}, Volumes = {} } = toContainerConfig('', [], options);
  const { Binds = [], Mounts = [], Tmpfs = {}, Init = false } = HostConfig;
  return [
    ...Binds.flatMap((bind) => bind.split(':').slice(1, 2)),
    ...Mounts.map(({ Target }) => Target),
    ...Object.keys(Tmpfs),
    ...Object.keys(Volumes),
    ...(Init ? [INIT] : []),
  ];
}
