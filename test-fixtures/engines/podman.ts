// Debian's Podman, as root or as a plain user, through its Docker-compatible socket.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePackages } from '../ensure-programs.ts';
import { startDaemon } from './daemon.ts';
import type { TestEngine } from './test-engine.ts';

const run = promisify(execFile);

/** Podman raises these limits by itself, which not every machine lets even root do. */
const CONTAINERS_CONF = '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n';

const START = `
folder=$1 user=$2
# crun refuses a machine that has both kinds of control groups: it is shown the old ones alone.
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
# Its locks are the machine's Podman's as well otherwise.
mount -t tmpfs tmpfs /dev/shm
mkdir -p /run/netns /run/crun && mount -t tmpfs tmpfs /run/netns && mount -t tmpfs tmpfs /run/crun
ip link set lo up
if [ "$user" != root ]; then
  chmod 1777 /dev/shm
  mkdir "$folder/home" && chown "$user:" "$folder" "$folder/home"
  become="setpriv --reuid $user --regid $user --clear-groups env HOME=$folder/home XDG_RUNTIME_DIR=$folder/home"
fi
exec $become podman --storage-driver overlay --root "$folder/data" --runroot "$folder/run" --tmpdir "$folder/tmp" \
  system service --time=0 "unix://$folder/socket"
`;

/** @param user  of the machine; one that is not there is made, with ids of its own for its containers */
export async function startPodman(user = 'root'): Promise<TestEngine> {
  await ensurePackages('podman', 'podman', 'netavark', 'aardvark-dns', 'crun', 'iproute2', 'iptables');
  await ensurePackages('/usr/bin/catatonit', 'catatonit');
  if (user !== 'root') await ensurePackages('/usr/bin/newuidmap', 'uidmap', 'slirp4netns');
  await run('id', [user]).catch(() => makeUser(user));
  // Short: the path of a socket may have 107 bytes only.
  const folder = mkdtempSync(join(tmpdir(), 'podman-'));
  const configuration = join(folder, 'containers.conf');
  writeFileSync(configuration, CONTAINERS_CONF);
  const environment = { DOCKER_HOST: `unix://${folder}/socket` };
  await using failing = new AsyncDisposableStack();
  failing.defer(() => rmSync(folder, { recursive: true, force: true }));
  const end = await startDaemon({
    script: START,
    args: [folder, user],
    variables: { CONTAINERS_CONF: configuration },
    log: join(folder, 'log'),
    environment,
  });
  failing.defer(end);
  const disposables = failing.move();
  return { environment, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

/** More ids than usual: files of the test images have owners in the millions. */
async function makeUser(name: string): Promise<void> {
  await run('useradd', ['--system', name]);
  const ids = '10000000-14000000';
  await run('usermod', ['--add-subuids', ids, '--add-subgids', ids, name]);
}
