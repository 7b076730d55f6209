import type Docker from 'dockerode';
import type { Connection } from '../connection/open-connection.js';
import { toEngineError } from '../engine-error.js';
import { OWNER_LABEL, ROLE_LABEL, SESSION_LABEL } from '../own-marks.js';
import type { Container } from './container.js';
import type { ContainerConfig } from './container-config.js';
import { toContainer } from './docker-container.js';
import { profileRefused, withProfileFile } from './profile-file.js';
import { removeContainer } from './remove-container.js';

/** The container is removed, with its anonymous volumes, when it is disposed of, at the latest with the session. */
export async function createContainer(
  { docker, session, details: { address, isDocker } }: Connection,
  config: ContainerConfig,
  role: string,
): Promise<Container> {
  await using readable = isDocker ? undefined : await withProfileFile(withoutRemovals(config), address);
  // Not raced against the abort: a container that was made must be known, so that it can be removed.
  let raw: Docker.Container;
  try {
    session.throwIfAborted();
    const labels = { [ROLE_LABEL]: role, [SESSION_LABEL]: session.id, [OWNER_LABEL]: session.owner };
    raw = await docker.createContainer(toCreateRequest(readable?.config ?? config, labels));
  } catch (error) {
    // Its socket may be here, and its files elsewhere.
    if (/seccomp profile.*no such file/.test(String(error))) throw profileRefused(error);
    throw toEngineError(error, 'cannot create a container');
  }
  const remove = () => removeContainer(raw, session);
  session.add(raw.id, remove);
  try {
    session.throwIfAborted();
  } catch (error) {
    await remove();
    throw error;
  }
  const { Created } = await session.guard('cannot inspect a container', () => raw.inspect());
  return toContainer(raw, { createdMs: Date.parse(Created), isDocker }, session);
}

/** A variable without a value is removed by Docker; Podman leaves that of the image, but sets what is empty. */
function withoutRemovals(config: ContainerConfig): ContainerConfig {
  if (config.Env === undefined) return config;
  return {
    ...config,
    Env: config.Env.map((variable) => (variable.includes('=') ? variable : `${variable}=`)),
  };
}

function toCreateRequest(
  config: ContainerConfig,
  labels: Record<string, string>,
): Docker.ContainerCreateOptions {
  const { platform, ...body } = config;
  const request = {
    _query: platform === undefined ? {} : { platform },
    _body: { ...body, Labels: { ...body.Labels, ...labels } },
  };
  // dockerode sends `_query` in the address and `_body` as the body; its types do not say so.
  return request as unknown as Docker.ContainerCreateOptions;
}
