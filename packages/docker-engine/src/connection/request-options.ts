import { EngineError } from '../engine-error.js';
import type { EngineAddress } from './engine-address.js';

/** The part of the options of node's `net.connect` and `tls.connect` that leads to an engine. */
export type SocketOptions =
  | { readonly path: string }
  | {
      readonly host: string;
      readonly port: number;
      readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
    };

/**
 * How a socket to an engine is opened, for those who pass on what others say to it.
 *
 * @throws EngineError ENGINE_ADDRESS_INVALID  it is reached by ssh, which is a program and no socket
 * @example toSocketOptions({ text: 'unix:///run/docker.sock', socketPath: '/run/docker.sock' }) // { path: '/run/docker.sock' }
 */
export function toSocketOptions({
  text,
  socketPath,
  protocol,
  host,
  port,
  certificates,
}: EngineAddress): SocketOptions {
  if (socketPath !== undefined) return { path: socketPath };
  if (protocol === 'ssh' || host === undefined || port === undefined)
    throw new EngineError('ENGINE_ADDRESS_INVALID', `'${text}' is not reached by a socket`, {
      hint: 'Forward its socket first: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST, and DOCKER_HOST=unix:///tmp/docker.sock.',
    });
  if (protocol !== 'https') return { host, port };
  return { host, port, tls: certificates ?? { ca: '', cert: '', key: '' } };
}
