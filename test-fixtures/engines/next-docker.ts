// The Docker Engine of Debian's next release, unpacked in a folder of its own and reached over tcp with TLS: none of the
// machine's own packages changes, and it shares no file with keepset.
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificates } from './certificates.ts';
import { startDaemon } from './daemon.ts';
import { startRelay } from './relay.ts';
import type { TestEngine } from './test-engine.ts';

const run = promisify(execFile);
const SUITE = 'trixie';
const TLS_PORT = 2376;

/** The unpacked packages become the root of its mounts, so that no library or program of the machine's is used. */
const START = `
folder=$1 relay=$2 port=$3 node=$4
ip link set lo up
# From the loopback of its network to a socket that is seen from outside. In mounts of its own, which keep their root.
unshare --mount "$node" "$relay" "$folder/relay" "$port" &
root=$folder/root
mount --bind "$root" "$root"
for name in proc sys dev; do mount --rbind "/$name" "$root/$name"; done
for name in data shared; do mount --bind "$folder/$name" "$root/$name"; done
for name in run tmp; do mount -t tmpfs tmpfs "$root/$name"; done
cd "$root"
pivot_root . old
exec dockerd --host "tcp://127.0.0.1:$port" --tlsverify \
  --tlscacert /shared/ca.pem --tlscert /shared/server-cert.pem --tlskey /shared/server-key.pem \
  --data-root /data --exec-root /run/docker --pidfile /run/dockerd.pid \
  --iptables=false --ip6tables=false --ip-forward=false
`;
const FOLDERS_OF_ROOT = ['proc', 'sys', 'dev', 'data', 'shared', 'run', 'tmp', 'old'];

export async function startNextDocker(): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'next-'));
  await using failing = new AsyncDisposableStack();
  failing.defer(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['root', 'data', 'shared', 'certificates']) mkdirSync(join(folder, name));
  const certificates = join(folder, 'certificates');
  await Promise.all([unpackDocker(folder), makeCertificates(certificates)]);
  for (const name of ['ca.pem', 'server-cert.pem', 'server-key.pem'])
    copyFileSync(join(certificates, name), join(folder, 'shared', name));

  const relay = await startRelay(0, join(folder, 'relay'));
  failing.defer(() => void relay.close());
  const environment = {
    DOCKER_HOST: `tcp://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: certificates,
  };
  const end = await startDaemon({
    script: START,
    args: [folder, join(import.meta.dirname, 'relay.ts'), String(TLS_PORT), process.execPath],
    log: join(folder, 'log'),
    environment,
  });
  failing.defer(end);
  const disposables = failing.move();
  return { environment, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

/** docker.io with all that it needs, into FOLDER/root. apt works on lists and a state in the folder. */
async function unpackDocker(folder: string): Promise<void> {
  const state = join(folder, 'apt');
  for (const name of ['lists/partial', 'archives/partial']) mkdirSync(join(state, name), { recursive: true });
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(
    join(state, 'sources.list'),
    `deb [signed-by=${keyring}] http://deb.debian.org/debian ${SUITE} main\n`,
  );
  // Nothing is installed, as far as it knows: so all is fetched that the machine may have in another version.
  writeFileSync(join(state, 'status'), '');
  writeFileSync(
    join(state, 'apt.conf'),
    [
      `Dir::Etc::SourceList "${state}/sources.list";`,
      'Dir::Etc::SourceParts "-";',
      `Dir::State::Lists "${state}/lists";`,
      `Dir::State::status "${state}/status";`,
      `Dir::Cache "${state}";`,
      'APT::Install-Recommends "false";',
      'APT::Sandbox::User "root";',
    ].join('\n'),
  );
  const apt = (...args: string[]) =>
    run('apt-get', args, {
      env: { ...process.env, APT_CONFIG: join(state, 'apt.conf') },
      maxBuffer: 2 ** 24,
    });
  await apt('update');
  await apt('install', '--yes', '--download-only', 'docker.io');
  const root = join(folder, 'root');
  for (const name of readdirSync(join(state, 'archives')).filter((file) => file.endsWith('.deb')))
    await run('dpkg-deb', ['--extract', join(state, 'archives', name), root]);
  rmSync(join(state, 'archives'), { recursive: true });
  for (const name of FOLDERS_OF_ROOT) mkdirSync(join(root, name), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
}
