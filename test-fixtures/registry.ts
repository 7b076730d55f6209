// A registry on this machine: Debian's docker-registry, which is distribution.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensurePrograms } from './ensure-programs.ts';

export interface TestRegistry extends Disposable {
  /** HOST:PORT */
  readonly name: string;
}

/** The password is 'secret'. */
const PASSWORD_LINE = 'me:$2y$05$8tXQnxmUEnYTOXq.JTaQauPaXf4fIzGEru.WvpxFdf1NgMuJm26eC\n';

/**
 * @param folder  where its files lie; the caller's to remove
 * @param options.wantsPassword  it is for the user 'me' alone. Default false
 */
export async function startRegistry(
  folder: string,
  { wantsPassword = false }: { readonly wantsPassword?: boolean } = {},
): Promise<TestRegistry> {
  await ensurePrograms('docker-registry');
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  const name = `127.0.0.1:${port}`;
  await writeFile(join(folder, 'htpasswd'), PASSWORD_LINE);
  const auth = `auth:\n  htpasswd:\n    realm: test\n    path: ${folder}/htpasswd\n`;
  await writeFile(
    join(folder, 'registry.yml'),
    `version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: ${folder}/registry\nhttp:\n  addr: ${name}\n${wantsPassword ? auth : ''}`,
  );
  const registry = spawn('docker-registry', ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
  for (let attempt = 0; attempt < 100; attempt++) {
    const status = await fetch(`http://${name}/v2/`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === (wantsPassword ? 401 : 200)) return { name, [Symbol.dispose]: () => void registry.kill() };
    await sleep(100);
  }
  registry.kill();
  throw new Error('the registry does not answer');
}
