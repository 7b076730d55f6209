import type { Container, ContainerConfig, Engine, ImageConfig } from '@keepset/docker-engine';
import { TracerError } from '../tracer-error.js';
import type { HttpTarget } from './http-request.js';
import type { AskedService } from './run-service.js';
import { exposedPorts, type HttpRequest, portOf, type Service } from './service.js';

const LOOPBACK = '127.0.0.1';

/** Networks in which no port can be published. */
const UNPUBLISHED = /^(none|host|container:.*)$/;

/**
 * The container with what a service's steps ask for published, at ports that the engine chooses, unless the caller
 * publishes it: on the loopback address where the engine is on this machine.
 *
 * @example
 * const service = { ready: [], steps: [{ kind: 'http', method: 'GET', path: '/' }] };
 * publishPorts({ Image: 'i' }, service, {}, { host: '127.0.0.1' }).ExposedPorts // { '80/tcp': {} }
 */
export function publishPorts(
  config: ContainerConfig,
  { ready, steps }: Service,
  image: ImageConfig,
  { host }: Pick<Engine['details'], 'host'>,
): ContainerConfig {
  const requests = [...ready, ...steps].filter((each) => each.kind === 'http');
  const isAsked = requests.length > 0 || steps.some(({ kind }) => kind === 'probe');
  if (!isAsked || UNPUBLISHED.test(config.HostConfig?.NetworkMode ?? '')) return config;
  const ports = new Set([...requests.map((request) => portOf(request, image)), ...exposedPorts(image)]);
  const bound = config.HostConfig?.PortBindings ?? {};
  const added = [...ports].map((port) => `${port}/tcp`).filter((name) => bound[name] === undefined);
  const binding = [{ HostIp: host === LOOPBACK ? LOOPBACK : '', HostPort: '' }];
  return {
    ...config,
    ExposedPorts: { ...config.ExposedPorts, ...Object.fromEntries(added.map((name) => [name, {}])) },
    HostConfig: {
      ...config.HostConfig,
      PortBindings: { ...bound, ...Object.fromEntries(added.map((name) => [name, binding])) },
    },
  };
}

const UNSPECIFIED: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

/**
 * Where a port of a running container is reached from here: from beside it, where it has no network.
 *
 * @throws TracerError SERVICE_UNREACHABLE  its port is not published, and it has no address
 */
export async function addressOf(
  container: Container,
  request: Pick<HttpRequest, 'port'>,
  { image, engine, beside }: Pick<AskedService, 'image' | 'engine' | 'beside'>,
): Promise<Pick<HttpTarget, 'host' | 'port' | 'connect'>> {
  const { host } = engine.details;
  const port = portOf(request, image.config);
  const { networkMode, ports, addresses } = await container.state();
  if (networkMode === 'none') {
    const { connect } = await beside();
    return { host: LOOPBACK, port, connect: () => connect(port) };
  }
  if (networkMode === 'host') return { host, port };
  const published = ports.find((each) => each.port === port && each.protocol === 'tcp');
  if (published !== undefined) {
    const { hostAddress, hostPort } = published;
    return { host: UNSPECIFIED.has(hostAddress) ? host : hostAddress, port: hostPort };
  }
  const [address] = addresses;
  if (address !== undefined) return { host: address, port };
  throw new TracerError('SERVICE_UNREACHABLE', `port ${port} of the container cannot be reached from here`, {
    facts: { port },
    hint: 'Its network is cut off: ask it from inside (a step of kind `exec`), or give the run a network.',
  });
}

/** What a probe finds in its environment, beside the caller's. */
export async function probeVariables(
  container: Container,
  { host }: Pick<Engine['details'], 'host'>,
): Promise<Readonly<Record<string, string>>> {
  const { ports, addresses } = await container.state();
  return {
    KEEPSET_CONTAINER_ID: container.id,
    KEEPSET_CONTAINER_IP: addresses[0] ?? '',
    KEEPSET_HOST: host,
    ...Object.fromEntries(ports.map(({ port, hostPort }) => [`KEEPSET_PORT_${port}`, String(hostPort)])),
  };
}
