import { createServer, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { homedir } from 'node:os';
import { connect as secureConnect } from 'node:tls';
import { connectEngine, type Engine, resolveEngineAddress } from '@keepset/docker-engine';

/** The engine of the tests behind a policy that adds no right to any container, as an authorization plugin may. */
export async function connectForbidden(): Promise<Engine> {
  const { socketPath, host, port, certificates } = resolveEngineAddress({
    environment: process.env,
    homeDirectory: homedir(),
  });
  const target = socketPath === undefined ? { host, port: port ?? 0 } : { path: socketPath };
  const httpTarget = socketPath === undefined ? { host, port } : { socketPath };
  const server = createServer(async (asked, answer) => {
    const body = Buffer.concat(await Array.fromAsync(asked as AsyncIterable<Buffer>));
    if (asked.url?.includes('/containers/create') && /"CapAdd":\["/.test(body.toString())) {
      answer.writeHead(403, { 'Content-Type': 'application/json' });
      answer.end('{"message":"authorization denied by plugin test: no capability may be added"}');
      return;
    }
    const { method, url, headers } = asked;
    const ask = certificates === undefined ? request : secureRequest;
    const passed = ask({ ...httpTarget, ...certificates, method, path: url, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 500, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    passed.end(body);
  });
  // Attached streams: what was asked goes on as it is, and so do both halves of the connection.
  server.on('upgrade', (asked, near, head) => {
    const far =
      certificates === undefined
        ? connect({ ...target, allowHalfOpen: true })
        : secureConnect({ ...target, ...certificates });
    const lines = asked.rawHeaders.flatMap((text, at) =>
      at % 2 === 0 ? [`${text}: ${asked.rawHeaders[at + 1]}`] : [],
    );
    far.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    far.write(head);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port;
  const engine = await connectEngine({
    address: { text: `tcp://127.0.0.1:${own}`, protocol: 'http', host: '127.0.0.1', port: own },
  });
  return {
    ...engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      server.close();
      server.closeAllConnections();
    },
  };
}
