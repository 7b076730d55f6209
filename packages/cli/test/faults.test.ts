import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Engine, resolveEngineAddress } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { runKeepset } from './run-keepset.ts';

const NAME = `keepset/test-faults-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'test-faults-'));
let engine: Engine;
let base: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
});
afterAll(async () => {
  await engine.removeImage(`${NAME}:small`);
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** An engine that is as far away as another continent, and sends what it sends in pieces. */
async function slowEngine(delayMs: number) {
  const address = resolveEngineAddress({ environment: process.env, homeDirectory: '/' });
  const target =
    address.socketPath === undefined
      ? { host: address.host ?? '', port: address.port ?? 0 }
      : { path: address.socketPath };
  const forward = async (from: Socket, to: Socket) => {
    try {
      // The other direction goes on when this one has ended.
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        await delay(delayMs);
        if (!to.write(chunk))
          await new Promise((resolve) => to.once('drain', resolve).once('close', resolve));
      }
      to.end();
    } catch {
      to.destroy();
    }
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ ...target, allowHalfOpen: true });
    for (const socket of [client, upstream]) socket.on('error', () => {});
    void forward(client, upstream);
    void forward(upstream, client);
  });
  const socket = join(folder, 'slow');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { host: `unix://${socket}`, [Symbol.dispose]: () => void server.close() };
}

const shrink = (...args: readonly string[]) => ['shrink', '-q', '-t', `${NAME}:small`, ...args];

it('an engine that answers slowly is only slow', async () => {
  using slow = await slowEngine(5);
  const environment = { DOCKER_HOST: slow.host, DOCKER_CONTEXT: '', TMPDIR: folder };
  const outcome = await runKeepset(folder, shrink(base, 'cat', '/etc/debian_version'), environment);
  expect(outcome).toMatchObject({ status: 0, stderr: '' });
  expect(await engine.inspectImage(`${NAME}:small`)).toMatchObject({
    id: outcome.stdout.trim().split('\n').at(-1),
  });
  expect(readdirSync(folder)).toEqual(['slow']);
});

it('a command that forks as often as it may is held back by its limit, and so is the result', async () => {
  const forks =
    'for (1..500) { $p = fork; last unless defined $p; unless ($p) { sleep 2; exit } } sleep 3; print "ended\n"';
  const environment = { TMPDIR: folder };
  const outcome = await runKeepset(
    folder,
    shrink('--pids-limit', '40', base, 'perl', '-e', forks),
    environment,
  );
  expect(outcome).toMatchObject({ status: 0, stdout: expect.stringMatching(/^sha256:/) });
});

/** Longer than any call takes, and than what the engine looks at in an ended container. */
const DEEP = `my $n = "${'d'.repeat(250)}"; for (1..20) { mkdir $n; chdir $n or die } open my $f, ">", "deep" or die; print "made\n"`;
const SOCKET =
  'use Socket; socket my $s, AF_UNIX, SOCK_STREAM, 0; bind $s, sockaddr_un("/tmp/socket") or die; print "made\n"';

it('a path that is longer than the engine takes is named, and nothing is left', async () => {
  const outcome = await runKeepset(folder, shrink('-w', '/tmp', base, 'perl', '-e', DEEP), {
    TMPDIR: folder,
  });
  expect(outcome).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/file name too long|changes of the container/),
  });
  expect(outcome.stderr).not.toMatch(/unexpected/);
  expect(readdirSync(folder)).toEqual([]);
});

it('a socket that a run makes is no file, and no hindrance', async () => {
  const outcome = await runKeepset(folder, shrink(base, 'perl', '-e', SOCKET), { TMPDIR: folder });
  expect(outcome).toMatchObject({ status: 0, stdout: expect.stringMatching(/^sha256:/) });
});
