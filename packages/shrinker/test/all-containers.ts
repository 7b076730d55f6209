import { type RequestOptions, request } from 'node:http';

/**
 * The ids of all containers of an engine, asked without the engine port: what it should have removed, it may have lost.
 *
 * @param address  as in DOCKER_HOST: unix://PATH or tcp://HOST:PORT
 */
export async function allContainers(address: string): Promise<readonly string[]> {
  const { protocol, pathname, hostname, port } = new URL(address);
  const where: RequestOptions = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  return await new Promise((resolve, reject) => {
    request({ ...where, path: '/containers/json?all=1' }, async (response) => {
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
