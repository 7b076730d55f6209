// A registry of npm's kind on this machine: what is published to it stays in a folder, all else comes from the registry that
// npm is set up for.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runServer } from 'verdaccio';

export interface NpmRegistry extends Disposable {
  /** By which npm finds it, and may publish. */
  readonly environment: NodeJS.ProcessEnv;
}

/** @param folder  where its files lie; the caller's to remove */
export async function startNpmRegistry(folder: string): Promise<NpmRegistry> {
  const upstream = execFileSync('npm', ['config', 'get', 'registry'], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
  const server: Server = await runServer({
    storage: join(folder, 'storage'),
    // Where it was read from: paths of the configuration are relative to it.
    self_path: join(folder, 'verdaccio.yaml'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: { upstream: { url: upstream } },
    packages: {
      keepset: { access: '$all', publish: '$all' },
      '@keepset/*': { access: '$all', publish: '$all' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    web: { enable: false },
    middlewares: { audit: { enabled: false } },
    log: { type: 'stdout', level: 'fatal' },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // npm wants a token before it publishes; the registry asks for none.
  writeFileSync(join(folder, 'npmrc'), `//${address}:_authToken=nobody\n`);
  const environment = {
    ...process.env,
    npm_config_userconfig: join(folder, 'npmrc'),
    npm_config_registry: `http://${address}`,
    npm_config_cache: join(folder, 'cache'),
    npm_config_update_notifier: 'false',
  };
  return {
    environment,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
