import { type RequestOptions, request } from 'node:http';

/**
 * The ids of all containers of an engine, asked without the engine port: what it should have removed, it may have lost.
 *
 * @param address  as in DOCKER_HOST: unix://PATH or tcp://HOST:PORT
 */
export async function allContainers(address: string): Promise<readonly string[]> {
  return await idsAt(address, '/containers/json?all=1');
}

/** The ids of images without a name. */
export async function unnamedImages(address: string): Promise<readonly string[]> {
  const filters = encodeURIComponent(JSON.stringify({ dangling: ['true'] }));
  return await idsAt(address, `/images/json?filters=${filters}`);
}

async function idsAt(address: string, path: string): Promise<readonly string[]> {
  const { protocol, pathname, hostname, port } = new URL(address);
  const where: RequestOptions = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  return await new Promise((resolve, reject) => {
    request({ ...where, path }, async (response) => {
      try {
        const text = Buffer.concat(await Array.fromAsync(response)).toString();
        resolve((JSON.parse(text) as { Id: string }[]).map(({ Id }) => Id));
      } catch (error) {
        reject(error);
      }
    })
      .on('error', reject)
      .end();
  });
}
