import type Docker from 'dockerode';
import type { ContainerState, PublishedPort } from './container.js';

/** The engine's account of a container, as the port has it. */
export function toContainerState({
  State,
  HostConfig,
  NetworkSettings,
}: Docker.ContainerInspectInfo): ContainerState {
  const networks = Object.values(NetworkSettings.Networks ?? {});
  return {
    isRunning: State.Running,
    processId: State.Pid || undefined,
    networkMode: HostConfig.NetworkMode ?? 'default',
    addresses: networks.flatMap(({ IPAddress }) => (IPAddress ? [IPAddress] : [])),
    ports: Object.entries(NetworkSettings.Ports ?? {}).flatMap(([name, bindings]) =>
      toPublishedPorts(name, bindings ?? []),
    ),
  };
}

function toPublishedPorts(
  name: string,
  bindings: readonly { readonly HostIp?: string; readonly HostPort?: string }[],
): readonly PublishedPort[] {
  const [port = '', protocol = 'tcp'] = name.split('/');
  return bindings.map(({ HostIp = '', HostPort = '' }) => ({
    port: Number(port),
    protocol,
    hostAddress: HostIp,
    hostPort: Number(HostPort),
  }));
}
