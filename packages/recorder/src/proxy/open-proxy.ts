import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Writable } from 'node:stream';
import type { SocketOptions } from '@keepset/docker-engine';
import { answerFailure, passRequest } from './pass-request.js';
import { passUpgrade } from './pass-upgrade.js';
import { createUpstream, passedHeaders, type Upstream } from './upstream.js';

/** A request that somebody else may answer, or have changed. */
export interface ProxiedRequest {
  readonly upstream: Upstream;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** Where the proxy listens. */
  readonly socketPath: string;
}

/** Looks at requests before they are passed on. */
export interface ProxyHandler {
  /** @returns whether it saw to the request; else it is passed on untouched */
  onRequest?(request: ProxiedRequest): Promise<boolean> | boolean;
  /**
   * Whether a request is one like others though its client offers another protocol: no engine takes its connection over.
   * Default: whatever offers one may have its connection taken over.
   */
  staysPlain?(incoming: IncomingMessage): boolean;
  /**
   * Awaited before a request is passed on that takes its connection over.
   *
   * @returns takes what the engine sends on that connection as well; no faster than it takes it
   */
  onUpgrade?(incoming: IncomingMessage): Promise<Writable | undefined> | Writable | undefined;
}

/** A proxy that listens. Disposing of it ends all connections. */
export interface EngineProxy extends AsyncDisposable {
  /** As in DOCKER_HOST: unix:///… */
  readonly address: string;
}

/**
 * Listen on a socket of one's own and pass everything on to an engine: any version of its API, streams, connections that
 * are taken over. Only the owner of the process reaches the socket.
 *
 * @param engine  where it listens
 * @throws EngineError ENGINE_ADDRESS_INVALID
 * @example
 * await using proxy = await openProxy(toSocketOptions(address));
 * proxy.address.startsWith('unix://') // true
 */
export async function openProxy(engine: SocketOptions, handler: ProxyHandler = {}): Promise<EngineProxy> {
  const upstream = createUpstream(engine);
  // The system's own folder, whose name is short: a socket's path has at most 107 bytes.
  const folder = await mkdtemp(join(shortTemporaryFolder(), 'keepset-proxy-'));
  const path = join(folder, 'docker.sock');
  const connections = new Set<Duplex>();
  // Uploads and waits take as long as they take, and a client may use its connection again after any time.
  const server = createServer({
    requestTimeout: 0,
    headersTimeout: 0,
    keepAliveTimeout: 0,
  });
  server.on('connection', (socket: Duplex) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  server.on('request', (incoming, response) => {
    const request = { upstream, incoming, response, socketPath: path };
    seeTo(handler, request).catch((error) => answerFailure(response, error));
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client that goes away meanwhile is no fault of anybody's.
    socket.on('error', () => {});
    if (handler.staysPlain?.(incoming) === true) {
      socket.unshift(Buffer.concat([plainHead(incoming), head]));
      server.emit('connection', socket);
      return;
    }
    const prepared = Promise.resolve(handler.onUpgrade?.(incoming)).catch(() => undefined);
    void prepared.then((copy) => passUpgrade(upstream, incoming, socket, { head, ...(copy && { copy }) }));
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    address: `unix://${path}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of connections) socket.destroy();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function seeTo(handler: ProxyHandler, request: ProxiedRequest): Promise<void> {
  if ((await handler.onRequest?.(request)) === true) return;
  passRequest(request.upstream, request.incoming, request.response);
}

/** Of a request as if its client had offered no other protocol: it may be declined. @see RFC 9110, 7.8 */
function plainHead(incoming: IncomingMessage): Buffer {
  const stated = incoming.headers.connection?.split(/ *, */).filter((each) => !/^upgrade$/i.test(each)) ?? [];
  const connection = stated.length > 0 ? ['Connection', stated.join(', ')] : [];
  const headers = [...passedHeaders(incoming, ['upgrade']), ...connection];
  const lines = [`${incoming.method} ${incoming.url} HTTP/${incoming.httpVersion}`];
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Of the path of a unix socket, behind the folder. @see unix(7) */
const FOLDER_BYTES_MAX = 107 - '/keepset-proxy-123456/docker.sock'.length;

function shortTemporaryFolder(): string {
  const folder = tmpdir();
  return Buffer.byteLength(folder) <= FOLDER_BYTES_MAX ? folder : '/tmp';
}
