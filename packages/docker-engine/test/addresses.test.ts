import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineKind, startEngine } from '../../../test-fixtures/engines/start-engine.ts';
import type { TestEngine } from '../../../test-fixtures/engines/test-engine.ts';
import { ensurePackages } from '../../../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import * as sources from '../src/index.js';

const PUBLISHED = new URL('../dist/index.js', import.meta.url).href;
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'address-'));
const disposables = new AsyncDisposableStack();
let base: string;
let tcp: TestEngine;

beforeAll(async () => {
  await using engine = await connectTestEngine();
  base = await ensureBase(engine);
  tcp = disposables.use(await startEngine('tcp' satisfies EngineKind));
});
afterAll(async () => {
  await disposables.disposeAsync();
  rmSync(folder, { recursive: true });
});

/**
 * What a container says through the engine that an environment leads to.
 *
 * @param library  which connects: this package as it is here, or as it is published
 */
async function sayThrough(
  environment: Readonly<Record<string, string>>,
  {
    connectEngine,
    resolveEngineAddress,
  }: Pick<typeof sources, 'connectEngine' | 'resolveEngineAddress'> = sources,
): Promise<string> {
  const address = resolveEngineAddress({ environment, homeDirectory: folder });
  const { DOCKER_API_VERSION: apiVersion } = environment;
  await using engine = await connectEngine({ address, ...(apiVersion && { apiVersion }) });
  const config = { Image: base, Cmd: ['sh', '-c', 'wc -c'], OpenStdin: true, StdinOnce: true };
  await using container = await engine.createContainer(
    { ...config, HostConfig: { NetworkMode: 'none' } },
    'test',
  );
  const { output, stdin } = await container.attach({ stdin: true, tty: false });
  await container.start();
  stdin?.end(Buffer.alloc(100_000));
  const pieces: Uint8Array[] = [];
  for await (const { bytes } of output) pieces.push(bytes);
  expect(await container.wait()).toBe(0);
  return `${engine.details.apiVersion} ${Buffer.concat(pieces)}`;
}

function writeContext(name: string, host: string): void {
  const place = join(folder, '.docker/contexts/meta', createHash('sha256').update(name).digest('hex'));
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
}

describe('an engine is reached, input and output included', () => {
  it('over tcp, by DOCKER_HOST', async () => {
    expect(await sayThrough(tcp.environment)).toMatch(/ 100000\n$/);
  });

  it('over tcp, by DOCKER_CONTEXT before DOCKER_HOST', async () => {
    writeContext('far', tcp.environment.DOCKER_HOST ?? '');
    expect(await sayThrough({ DOCKER_CONTEXT: 'far', DOCKER_HOST: 'unix:///no/socket' })).toMatch(
      / 100000\n$/,
    );
  });

  it('in the version that DOCKER_API_VERSION says', async () => {
    expect(await sayThrough({ ...tcp.environment, DOCKER_API_VERSION: '1.40' })).toBe('1.40 100000\n');
  });

  it('over ssh, with a key that the agent holds', async () => {
    const agent = await startSsh();
    const { username } = userInfo();
    const host = `ssh://${username}@127.0.0.1:${agent.port}`;
    const environment = { DOCKER_HOST: host, SSH_AUTH_SOCK: agent.socket };
    expect(await sayThrough(environment)).toMatch(/ 100000\n$/);
    // The client of ssh is bundled, without its native code.
    const built: typeof sources = await import(PUBLISHED);
    expect(await sayThrough(environment, built)).toMatch(/ 100000\n$/);
  });
});

/** sshd on the loopback, which lets in whoever has the one key, and leads to the engine of the tests. */
async function startSsh(): Promise<{ port: number; socket: string }> {
  await ensurePackages('docker', 'docker.io');
  await ensurePackages('/usr/sbin/sshd', 'openssh-server', 'openssh-client');
  mkdirSync('/run/sshd', { recursive: true });
  for (const name of ['host', 'user'])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const port = await freePort();
  const { DOCKER_HOST = 'unix:///var/run/docker.sock' } = process.env;
  const settings = {
    Port: port,
    ListenAddress: '127.0.0.1',
    HostKey: join(folder, 'host'),
    AuthorizedKeysFile: join(folder, 'user.pub'),
    PidFile: 'none',
    StrictModes: 'no',
    UsePAM: 'no',
    PermitRootLogin: 'prohibit-password',
    SetEnv: `DOCKER_HOST=${DOCKER_HOST}`,
  };
  writeFileSync(
    join(folder, 'sshd'),
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd')], { stdio: 'ignore' });
  disposables.defer(() => void server.kill());
  const socket = join(folder, 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  disposables.defer(() => void agent.kill());
  const add = () =>
    run('ssh-add', [join(folder, 'user')], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  await untilDone(add);
  await untilDone(async () => void (await once(connect(port, '127.0.0.1'), 'connect')));
  return { port, socket };
}

const TRIES = 100;

/** Both daemons take a moment before they listen. */
async function untilDone(action: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await action();
      return;
    } catch (error) {
      if (tries > TRIES) throw error;
      await delay(100);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
