import http from 'node:http';
import { homedir } from 'node:os';
import { type Engine, type EngineAddress, resolveEngineAddress } from '@keepset/docker-engine';

function request(address: EngineAddress, method: string, path: string): http.ClientRequest {
  const { socketPath, host, port } = address;
  return http.request({ method, path, ...(socketPath === undefined ? { host, port } : { socketPath }) });
}

async function responseOf(outgoing: http.ClientRequest): Promise<http.IncomingMessage> {
  return await new Promise((resolve, reject) => outgoing.on('response', resolve).on('error', reject));
}

/** What `docker export CONTAINER | docker import -` does, without the docker client. */
export async function exportAndImport(engine: Engine, image: string): Promise<number> {
  const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
  await using container = await engine.createContainer({ Image: image }, 'bench');
  const start = performance.now();
  const outgoing = request(address, 'GET', `/containers/${container.id}/export`);
  outgoing.end();
  const tar = await responseOf(outgoing);
  const importing = request(address, 'POST', '/images/create?fromSrc=-');
  tar.pipe(importing);
  const answer = Buffer.concat(
    await Array.fromAsync((await responseOf(importing)) as AsyncIterable<Buffer>),
  ).toString();
  const seconds = (performance.now() - start) / 1000;
  const id = /sha256:[0-9a-f]{64}/.exec(answer)?.[0];
  if (id === undefined) throw new Error(`docker import failed: ${answer}`);
  await engine.removeImage(id);
  return seconds;
}
