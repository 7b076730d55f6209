// A registry on this machine: Debian's docker-registry, which is distribution.
import { spawn } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificates } from './engines/certificates.ts';
import { ensurePrograms } from './ensure-programs.ts';

export interface TestRegistry extends Disposable {
  /** HOST:PORT */
  readonly name: string;
  /** With TLS: a folder as /etc/docker/certs.d is, with the authority that vouches for it. */
  readonly certificateFolder: string;
}

/** The password is 'secret'. */
const PASSWORD_LINE = 'me:$2y$05$8tXQnxmUEnYTOXq.JTaQauPaXf4fIzGEru.WvpxFdf1NgMuJm26eC\n';

/**
 * @param folder  where its files lie; the caller's to remove
 * @param options.wantsPassword  it is for the user 'me' alone. Default false
 * @param options.port  that it had before. Default one that is free
 * @param options.tls  it speaks TLS, with a certificate of an authority that nobody knows. Default false
 */
export async function startRegistry(
  folder: string,
  {
    wantsPassword = false,
    tls = false,
    port: wantedPort = 0,
  }: { readonly wantsPassword?: boolean; readonly tls?: boolean; readonly port?: number } = {},
): Promise<TestRegistry> {
  await ensurePrograms('docker-registry');
  const probe = createServer().listen(wantedPort, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  const name = `127.0.0.1:${port}`;
  await writeFile(join(folder, 'htpasswd'), PASSWORD_LINE);
  const auth = `auth:\n  htpasswd:\n    realm: test\n    path: ${folder}/htpasswd\n`;
  const certificateFolder = join(folder, 'certs.d');
  if (tls) {
    await makeCertificates(folder);
    await mkdir(join(certificateFolder, name), { recursive: true });
    await copyFile(join(folder, 'ca.pem'), join(certificateFolder, name, 'ca.crt'));
  }
  const certificate = `  tls:\n    certificate: ${folder}/server-cert.pem\n    key: ${folder}/server-key.pem\n`;
  await writeFile(
    join(folder, 'registry.yml'),
    `version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: ${folder}/registry\nhttp:\n  addr: ${name}\n${tls ? certificate : ''}${wantsPassword ? auth : ''}`,
  );
  const registry = spawn('docker-registry', ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await isListening(port))
      return { name, certificateFolder, [Symbol.dispose]: () => void registry.kill() };
    await sleep(100);
  }
  registry.kill();
  throw new Error('the registry does not answer');
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    return await new Promise((resolve) => {
      socket.on('connect', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
