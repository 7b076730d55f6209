// A Swarm on this machine: engines of its own, each with a network and mounts of its own, joined by a cable of the kernel's.
// Wants root, dockerd and docker (docker.io), and ip (iproute2).
import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packArchive } from '@keepset/docker-engine';
import { ensurePackages } from './ensure-programs.ts';
import { type OwnEngine, startOwnEngine } from './own-engine.ts';

const run = promisify(execFile);
const REPOSITORY = new URL('..', import.meta.url).pathname.replace(/\/$/, '');
const READY_MS_MAX = 60_000;

/** The image of keepset on the nodes: this working copy, by the programs of this machine. */
export const SWARM_IMAGE = 'keepset/of-this-machine:1';
/** What that image needs of each node. */
export const SWARM_MOUNTS: readonly string[] = ['/usr', dirname(realpathSync(process.execPath)), REPOSITORY];

export interface TestSwarm extends AsyncDisposable {
  /** The first is the manager. */
  readonly nodes: readonly OwnEngine[];
  /** By which keepset finds the manager. */
  readonly environment: { readonly DOCKER_HOST: string };
  /** Give the nodes images that the engine of DOCKER_HOST has, by the same names. */
  loadImages(names: readonly string[]): Promise<void>;
}

/** @param count  1 or 2 nodes */
export async function startSwarm(count: 1 | 2): Promise<TestSwarm> {
  await ensurePackages('/sbin/ip', 'iproute2');
  await using opened = new AsyncDisposableStack();
  const nodes = await Promise.all(
    Array.from({ length: count }, async () => opened.use(await startOwnEngine({ isNode: true }))),
  );
  const [manager, worker] = nodes as [OwnEngine, OwnEngine?];
  if (worker === undefined) await docker(manager, 'swarm', 'init', '--advertise-addr', '127.0.0.1');
  else await joinNodes(manager, worker);
  for (const node of nodes) await buildKeepset(node);
  const disposal = opened.move();
  return {
    nodes,
    environment: { DOCKER_HOST: manager.address },
    loadImages: (names) => copyImages(names, nodes),
    [Symbol.asyncDispose]: () => disposal.disposeAsync(),
  };
}

/** Give engines images that the engine of DOCKER_HOST has, by the same names. */
export async function copyImages(names: readonly string[], engines: readonly OwnEngine[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  try {
    await run('docker', ['save', '--output', join(folder, 'images.tar'), ...names]);
    for (const engine of engines) await docker(engine, 'load', '--input', join(folder, 'images.tar'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function docker({ address }: OwnEngine, ...words: readonly string[]): Promise<string> {
  return (await run('docker', ['--host', address, ...words])).stdout.trim();
}

/** A cable between two networks, and the second engine as a worker of the first. */
async function joinNodes(manager: OwnEngine, worker: OwnEngine): Promise<void> {
  const [one, other] = [manager, worker].map((node) => String(node.processId())) as [string, string];
  const ip = (process: string, ...words: readonly string[]) =>
    run('nsenter', ['--target', process, '--net', 'ip', ...words]);
  await ip(one, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', other);
  await ip(one, 'address', 'add', '10.99.0.1/24', 'dev', 'cable');
  await ip(other, 'address', 'add', '10.99.0.2/24', 'dev', 'cable');
  for (const process of [one, other]) await ip(process, 'link', 'set', 'cable', 'up');
  await docker(manager, 'swarm', 'init', '--advertise-addr', '10.99.0.1');
  const token = await docker(manager, 'swarm', 'join-token', '--quiet', 'worker');
  await docker(worker, 'swarm', 'join', '--token', token, '--advertise-addr', '10.99.0.2', '10.99.0.1:2377');
  for (const deadline = Date.now() + READY_MS_MAX; ; await delay(200)) {
    const states = await docker(manager, 'node', 'ls', '--format', '{{.Status}}');
    if (states.split('\n').filter((state) => state === 'Ready').length === 2) return;
    if (Date.now() > deadline) throw new Error(`a Swarm of two engines does not come up: ${states}`);
  }
}

/** Nothing but links: all programs are this machine's, which are mounted. */
async function buildKeepset(node: OwnEngine): Promise<void> {
  await using engine = await node.connect();
  const program = [realpathSync(process.execPath), join(REPOSITORY, 'packages/cli/dist/keepset.js')];
  const dockerfile = `FROM scratch
ADD links.tar /
ENV PATH=/usr/sbin:/usr/bin
ENTRYPOINT ${JSON.stringify(program)}
`;
  const links = ['bin', 'sbin', 'lib', 'lib64'].map((name) => ({
    header: { name, type: 'symlink', linkname: `usr/${name}` },
  }));
  await engine.buildImage(
    [
      { header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) },
      { header: { name: 'links.tar' }, content: await packArchive(links) },
    ],
    { tag: SWARM_IMAGE },
  );
}
