import type Docker from 'dockerode';
import type { Connection } from '../connection/open-connection.js';
import { EngineError, toEngineError } from '../engine-error.js';
import { OWNER_LABEL, ROLE_LABEL, SESSION_LABEL } from '../own-marks.js';
import type { Container } from './container.js';
import type { ContainerConfig } from './container-config.js';
import { toContainer } from './docker-container.js';
import { removeContainer } from './remove-container.js';

/** The container is removed, with its anonymous volumes, when it is disposed of, at the latest with the session. */
export async function createContainer(
  { docker, session, details: { isDocker } }: Connection,
  config: ContainerConfig,
  role: string,
): Promise<Container> {
  if (!isDocker) refuseProfile(config);
  // Not raced against the abort: a container that was made must be known, so that it can be removed.
  let raw: Docker.Container;
  try {
    session.throwIfAborted();
    const labels = { [ROLE_LABEL]: role, [SESSION_LABEL]: session.id, [OWNER_LABEL]: session.owner };
    raw = await docker.createContainer(toCreateRequest(isDocker ? config : withoutRemovals(config), labels));
  } catch (error) {
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

/** Podman takes the text of a profile for a file's name, and says that there is none. */
function refuseProfile({ HostConfig }: ContainerConfig): void {
  if (!HostConfig?.SecurityOpt?.some((option) => option.startsWith('seccomp={'))) return;
  throw new EngineError(
    'RUN_OPTION_INVALID',
    "securityOpt 'seccomp=…': this engine takes no profile through the API",
    {
      facts: { option: 'securityOpt', value: 'seccomp' },
      hint: "Leave it out, or make it the engine's own (seccomp_profile in containers.conf).",
    },
  );
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
