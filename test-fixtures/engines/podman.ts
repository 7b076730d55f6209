// Debian's Podman as root, through its Docker-compatible socket.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages } from '../ensure-programs.ts';
import { startDaemon } from './daemon.ts';
import type { TestEngine } from './test-engine.ts';

/** Podman raises these limits by itself, which not every machine lets even root do. */
const CONTAINERS_CONF = '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n';

const START = `
folder=$1
# crun refuses a machine that has both kinds of control groups: it is shown the old ones alone.
if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
# Its locks are the machine's Podman's as well otherwise.
mount -t tmpfs tmpfs /dev/shm
mkdir -p /run/netns /run/crun && mount -t tmpfs tmpfs /run/netns && mount -t tmpfs tmpfs /run/crun
ip link set lo up
exec podman --root "$folder/data" --runroot "$folder/run" --tmpdir "$folder/tmp" \
  system service --time=0 "unix://$folder/socket"
`;

export async function startPodman(): Promise<TestEngine> {
  await ensurePackages('podman', 'podman', 'netavark', 'aardvark-dns', 'crun', 'iproute2', 'iptables');
  // Short: the path of a socket may have 107 bytes only.
  const folder = mkdtempSync(join(tmpdir(), 'podman-'));
  const configuration = join(folder, 'containers.conf');
  writeFileSync(configuration, CONTAINERS_CONF);
  const environment = { DOCKER_HOST: `unix://${folder}/socket` };
  await using failing = new AsyncDisposableStack();
  failing.defer(() => rmSync(folder, { recursive: true, force: true }));
  const end = await startDaemon({
    script: START,
    args: [folder],
    variables: { CONTAINERS_CONF: configuration },
    log: join(folder, 'log'),
    environment,
  });
  failing.defer(end);
  const disposables = failing.move();
  return { environment, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}
