// An engine behind TLS, which asks for the client's certificate, as dockerd --tlsverify does.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, type RequestOptions, request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveEngineAddress, toSocketOptions } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { makeCertificates } from '../../../../test-fixtures/engines/certificates.ts';
import { openProxy, type ProxyHandler } from './open-proxy.js';

const folder = mkdtempSync(join(tmpdir(), 'proxy-tls-'));
const opened = new AsyncDisposableStack();
let socketPath = '';

const seen: string[] = [];
const HANDLER: ProxyHandler = {
  staysPlain: ({ url }) => url === '/plain',
  async onRequest({ incoming, response }) {
    if (incoming.url === '/failing') throw Object.assign(new Error('gone'), { code: 'ENGINE_UNREACHABLE' });
    if (incoming.url !== '/plain') return false;
    seen.push(`${incoming.headers.upgrade} ${Buffer.concat(await Array.fromAsync(incoming))}`);
    response.end('plain');
    return true;
  },
};

beforeAll(async () => {
  await makeCertificates(folder);
  const [key, cert, ca] = ['server-key.pem', 'server-cert.pem', 'ca.pem'].map((name) =>
    readFileSync(join(folder, name)),
  );
  const server = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: true } as object);
  server.on('request', (_, response) => {
    response.write('O');
    response.end('K');
  });
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    socket.pipe(socket);
  });
  opened.defer(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const environment = {
    DOCKER_HOST: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: folder,
  };
  const address = resolveEngineAddress({ environment, homeDirectory: '/' });
  const proxy = opened.use(await openProxy(toSocketOptions(address), HANDLER));
  socketPath = new URL(proxy.address).pathname;
});
afterAll(async () => {
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

const ask = (options: RequestOptions) => request({ socketPath, agent: false, ...options }).end();

it('a request passes, and node has no complaint', async () => {
  const complaint = vi.spyOn(process, 'emitWarning');
  onTestFinished(() => complaint.mockRestore());
  const [answer] = await once(ask({ path: '/_ping' }), 'response');
  expect(Buffer.concat(await Array.fromAsync(answer)).toString()).toBe('OK');
  expect(complaint).not.toHaveBeenCalled();
});

it('so does a connection that is taken over', async () => {
  const headers = { Connection: 'Upgrade', Upgrade: 'tcp' };
  const [, socket] = await once(ask({ method: 'POST', path: '/exec/x/start', headers }), 'upgrade');
  socket.end('there and back');
  expect(Buffer.concat(await Array.fromAsync(socket)).toString()).toBe('there and back');
});

it('a request that only offers another protocol is one like others, again and again on one connection', async () => {
  using agent = Object.assign(new Agent({ keepAlive: true, maxSockets: 1 }), {
    [Symbol.dispose]: () => agent.destroy(),
  });
  const headers = { Connection: 'Upgrade, keep-alive', Upgrade: 'TLS/1.2' };
  const sockets = new Set<unknown>();
  for (const body of ['one', 'x'.repeat(300_000), 'three']) {
    const asked = request({ socketPath, agent, method: 'POST', path: '/plain', headers });
    const [answer] = await once(asked.end(body), 'response');
    sockets.add(answer.socket);
    expect(Buffer.concat(await Array.fromAsync(answer)).toString()).toBe('plain');
    expect(seen.at(-1)).toBe(`undefined ${body}`);
  }
  expect(sockets.size).toBe(1);
});

it('a client of HTTP/1.0, which knows no chunks, gets an answer that ends with the connection', async () => {
  const socket = connect(socketPath);
  socket.write('GET /_ping HTTP/1.0\r\n\r\n');
  const text = Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString();
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(text).not.toMatch(/transfer-encoding/i);
  expect(text.split('\r\n\r\n')[1]).toBe('OK');
});

it('a client is told why its request cannot be seen to', async () => {
  const [answer] = await once(ask({ path: '/failing' }), 'response');
  const { message } = JSON.parse(Buffer.concat(await Array.fromAsync(answer)).toString());
  expect([answer.statusCode, message]).toEqual([
    502,
    'keepset: the engine does not answer (ENGINE_UNREACHABLE)',
  ]);
});
