// An engine of a test's own, which can be killed: nobody else's work is on it. Wants root and dockerd (docker.io).
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connectEngine, type Engine, resolveEngineAddress } from '@keepset/docker-engine';

const START_MS_MAX = 60_000;
const run = promisify(execFile);

/** What an engine leaves that was killed and not started again: what serves its containers, and what runs in them. */
async function processesOf(folder: string): Promise<readonly number[]> {
  const read = (id: number, file: string) => readFile(`/proc/${id}/${file}`, 'utf8').catch(() => '');
  const ids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  const commands = await Promise.all(ids.map((id) => read(id, 'cmdline')));
  const serving = ids.filter((_, index) => commands[index]?.includes(`${folder}/`));
  const served = await Promise.all(serving.map((id) => read(id, `task/${id}/children`)));
  return [...serving, ...served.flatMap((list) => list.split(' ').filter(Boolean).map(Number))];
}

export interface OwnEngine extends AsyncDisposable {
  /** As in DOCKER_HOST. */
  readonly address: string;
  connect(signal?: AbortSignal): Promise<Engine>;
  /** Of its daemon, whose network and mounts are its own. */
  processId(): number | undefined;
  /** End it at once, as a crash would; its containers lose their engine. */
  kill(): Promise<void>;
  /** Of one that was started with `diskBytes`: from now on it has other room. */
  resizeDisk(diskBytes: number): Promise<void>;
  /** Begin again with what it had. */
  start(): Promise<void>;
}

/** The network of a daemon of its own has no address yet, and its /run has a socket at the usual place. */
const AS_A_NODE =
  'ip link set lo up && mount -t tmpfs tmpfs /run && exec "$0" --host unix:///run/docker.sock "$@"';

/**
 * @param diskBytes  of all that it stores; default: as much as there is
 * @param isNode     it is to be a node of a Swarm: its containers find it at /var/run/docker.sock
 * @throws Error  dockerd is missing or does not start; says what its log says last
 */
export async function startOwnEngine({
  diskBytes,
  isNode = false,
}: {
  readonly diskBytes?: number;
  readonly isNode?: boolean;
} = {}): Promise<OwnEngine> {
  // Short: the path of a socket may have 107 bytes only.
  const folder = mkdtempSync(join(tmpdir(), 'own-'));
  const log = join(folder, 'log');
  const address = `unix://${folder}/socket`;
  if (diskBytes !== undefined) {
    mkdirSync(join(folder, 'data'));
    await run('mount', ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', join(folder, 'data')]);
  }
  let daemon: ChildProcess | undefined;

  const connect = (signal?: AbortSignal) =>
    connectEngine({
      address: resolveEngineAddress({ environment: { DOCKER_HOST: address }, homeDirectory: '/' }),
      ...(signal && { signal }),
    });

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = daemon;
    daemon = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const closed = new Promise((resolve) => ending.on('close', resolve));
    ending.kill(signal);
    await closed;
    // A crash takes its containerd along; where nobody reaps that, the next daemon would wait for it.
    rmSync(join(folder, 'exec/containerd/containerd.pid'), { force: true });
  }

  async function start(): Promise<void> {
    const output = openSync(log, 'a');
    const options = [
      '--host',
      address,
      '--data-root',
      join(folder, 'data'),
      '--exec-root',
      join(folder, 'exec'),
    ];
    const alone = [
      '--pidfile',
      join(folder, 'pid'),
      '--bridge=none',
      '--iptables=false',
      '--ip-forward=false',
    ];
    // In a network namespace of its own: without a bridge, a daemon removes docker0, which is the running engine's.
    const program = isNode ? ['--mount', 'sh', '-c', AS_A_NODE, 'dockerd'] : ['dockerd'];
    daemon = spawn('unshare', ['--net', ...program, ...options, ...alone], {
      stdio: ['ignore', output, output],
    });
    let failure: Error | undefined;
    daemon.on('error', (error) => {
      failure = error;
    });
    for (const deadline = Date.now() + START_MS_MAX; Date.now() < deadline; await delay(100)) {
      if (failure !== undefined || daemon.exitCode !== null) break;
      if (!existsSync(join(folder, 'socket'))) continue;
      const engine = await connect().catch(() => undefined);
      if (engine !== undefined) return;
    }
    const last = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-3).join('; ');
    throw new Error(`tests need an engine of their own (dockerd, as root): ${failure?.message ?? last}`);
  }

  async function dispose(): Promise<void> {
    await end('SIGTERM');
    for (const id of await processesOf(folder)) process.kill(id, 'SIGKILL');
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const below = mounts
      .map((line) => line.split(' ')[1] ?? '')
      .filter((path) => path.startsWith(`${folder}/`));
    for (const path of below.reverse()) await run('umount', ['--lazy', path]).catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  const resizeDisk = async (bytes: number) => {
    await run('mount', ['-o', `remount,size=${bytes}`, join(folder, 'data')]);
  };
  return {
    ...{ address, connect, start, resizeDisk },
    processId: () => daemon?.pid,
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: dispose,
  };
}
