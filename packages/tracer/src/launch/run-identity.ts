import type { ContainerConfig, Engine, ImageDetails, RunOptions } from '@keepset/docker-engine';
import { type ImageReader, ownEnvironment, type Toolbox } from '@keepset/toolbox';
import { runContainer } from '../run/run-container.js';
import { IDENTITY_COMMAND, type Identity, parseIdentity, readIdentity } from './identity.js';

/** Whose identity is asked for. */
export interface IdentityRequest {
  readonly image: ImageDetails;
  readonly options: Pick<RunOptions, 'user' | 'groupAdd'>;
}

/**
 * Who the program of a run is.
 *
 * Docker gives a further program the same identity as process 1, so that a container that runs anyhow can be asked.
 * Groups that the caller adds are known in containers of the run alone, and Podman gives process 1 another HOME and
 * other groups: there a container of the run's own kind is asked.
 *
 * @param reader  of the same image
 * @throws EngineError USER_NOT_FOUND
 */
export async function readRunIdentity(
  engine: Engine,
  toolbox: Toolbox,
  reader: ImageReader,
  { image, options }: IdentityRequest,
): Promise<Identity> {
  const user = options.user ?? image.config.User ?? '';
  const { groupAdd = [] } = options;
  if (engine.details.isDocker && groupAdd.length === 0) return await readIdentity(reader.container, user);
  return await askIdentity(engine, toolbox, { image, options });
}

/**
 * Who the program of a run is, by a container of the run's own kind.
 *
 * @throws EngineError USER_NOT_FOUND
 */
export async function askIdentity(
  engine: Engine,
  toolbox: Pick<Toolbox, 'mount'>,
  { image, options: { user = image.config.User ?? '', groupAdd = [] } }: IdentityRequest,
): Promise<Identity> {
  const [entrypoint = '', ...rest] = IDENTITY_COMMAND;
  const config: ContainerConfig = {
    Image: image.id,
    Entrypoint: [entrypoint],
    Cmd: rest,
    User: user,
    Env: ownEnvironment(image.config.Env),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Mounts: [toolbox.mount],
      NetworkMode: 'none',
      LogConfig: { Type: 'none' },
      GroupAdd: groupAdd,
    },
  };
  await using container = await engine.createContainer(config, 'identity');
  const pieces: Uint8Array[] = [];
  await runContainer(container, config, { onOutput: ({ bytes }) => void pieces.push(bytes) });
  return parseIdentity(Buffer.concat(pieces).toString('utf8'));
}
