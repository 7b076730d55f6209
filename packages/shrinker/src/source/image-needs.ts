import type { ImageDetails } from '@keepset/docker-engine';
import type { ImageNeeds } from '@keepset/keep-planner';
import { toBytes } from './byte-string.js';

/**
 * What the configuration, and the run, make the engine need, in byte strings.
 *
 * @param workdir  where the run begins, if not in the image's WORKDIR
 */
export function toNeeds({ config }: ImageDetails, workdir?: string): ImageNeeds {
  const path = (config.Env ?? []).find((variable) => variable.startsWith('PATH='))?.slice('PATH='.length);
  const shell = config.Shell as readonly string[] | null | undefined;
  return {
    volumes: Object.keys(config.Volumes ?? {}).map(toBytes),
    ...(config.WorkingDir && { workingDirectory: toBytes(config.WorkingDir) }),
    ...(workdir !== undefined && { runDirectory: toBytes(workdir) }),
    ...(config.User && { user: config.User }),
    ...(config.Healthcheck?.Test && { healthcheck: config.Healthcheck.Test.map(toBytes) }),
    ...(config.Entrypoint && { entrypoint: config.Entrypoint.map(toBytes) }),
    ...(config.Cmd && { command: config.Cmd.map(toBytes) }),
    ...(shell && { shell: shell.map(toBytes) }),
    ...(path !== undefined && { path: toBytes(path) }),
  };
}
