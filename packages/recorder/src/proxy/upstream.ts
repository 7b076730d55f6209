import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { SocketOptions } from '@keepset/docker-engine';

/** Sends to an engine what a client sent. */
export interface Upstream {
  /** @param headers  as they came, name and value in turn */
  request(method: string, path: string, headers: readonly string[]): ClientRequest;
}

/**
 * The engine, with a connection of its own for each request: one that is used again may have been closed meanwhile, and
 * what was asked for may not be asked twice.
 *
 * @param socket  where it listens
 */
export function createUpstream(socket: SocketOptions): Upstream {
  const createConnection = (): Duplex => {
    if ('path' in socket) return connect({ path: socket.path, allowHalfOpen: true });
    const { host, port, tls } = socket;
    if (tls === undefined) return connect({ host, port, allowHalfOpen: true });
    // No address may stand where a name does. @see RFC 6066, 3
    const name = isIP(host) === 0 ? { servername: host } : {};
    // node's types leave out of a TLS connection what it takes of a plain one.
    const options: ConnectionOptions = { host, port, ...tls, ...name };
    return connectTls({ ...options, allowHalfOpen: true } as ConnectionOptions);
  };
  return {
    request(method, path, headers) {
      const options: Omit<RequestOptions, 'headers'> & { readonly headers: readonly string[] } = {
        method,
        path,
        headers: [
          ...headers,
          // HTTP/1.0 has none, and what is sent is HTTP/1.1.
          ...(hasHeader(headers, /^host$/i) ? [] : ['Host', 'docker']),
          ...(isUnframed(method, headers) ? ['Content-Length', '0'] : []),
        ],
        createConnection,
      };
      // node's types know headers only by name.
      return request(options as unknown as RequestOptions);
    },
  };
}

/** node would send a body in chunks, if an empty one. */
function isUnframed(method: string, headers: readonly string[]): boolean {
  const isFramed = hasHeader(headers, /^(?:content-length|transfer-encoding)$/i);
  return !isFramed && !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method);
}

function hasHeader(headers: readonly string[], wanted: RegExp): boolean {
  return headers.some((name, at) => at % 2 === 0 && wanted.test(name));
}

/** Of one connection, and of nobody's concern behind it. @see RFC 9110, 7.6.1 */
const OF_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection']);

/** Headers as they came, without those of the connection. @param besides  lower case: what is left out as well */
export function passedHeaders(
  { rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>,
  besides: readonly string[] = [],
): string[] {
  const passed: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const known = name.toLowerCase();
    if (!OF_CONNECTION.has(known) && !besides.includes(known)) passed.push(name, value);
  }
  return passed;
}
