import { type AskedContainer, isObject, parseAskedContainer } from './asked-container.js';

/** Sockets of engines, wherever they are. */
const ENGINE_SOCKET = /\/(?:docker|podman)\.sock$/;

/**
 * Whether a container is given the socket of an engine: what it starts there, it starts behind the proxy.
 *
 * @param engineSocket  a further name of one; undefined: there is none
 */
export function hasEngineSocket({ HostConfig }: AskedContainer, engineSocket?: string): boolean {
  const { Binds, Mounts } = HostConfig ?? {};
  const sources = [
    ...(Binds ?? []).map((bind) => bind.split(':', 1)[0]),
    ...(Mounts ?? []).map((mount) => mount.Source),
  ];
  return sources.some((source = '') => source === engineSocket || ENGINE_SOCKET.test(source));
}

/**
 * Give a container the engine's socket in the place of the proxy's, which ends with the command: the container may not.
 *
 * @param body   by which a client creates it
 * @param proxy  path of the proxy's socket
 */
export function mountEngineSocket(body: Uint8Array, proxy: string, engine: string): Uint8Array {
  const text = Buffer.from(body).toString('utf8');
  const asked = text.includes(proxy) ? parseAskedContainer(text) : undefined;
  if (!isObject(asked?.HostConfig)) return body;
  const { Binds, Mounts } = asked.HostConfig;
  const HostConfig = {
    ...asked.HostConfig,
    ...(Binds && {
      Binds: Binds.map((bind) =>
        bind.startsWith(`${proxy}:`) ? `${engine}${bind.slice(proxy.length)}` : bind,
      ),
    }),
    ...(Mounts && {
      Mounts: Mounts.map((mount) => (mount.Source === proxy ? { ...mount, Source: engine } : mount)),
    }),
  };
  return Buffer.from(JSON.stringify({ ...asked, HostConfig }));
}
