import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { connectEngine, type Engine, resolveEngineAddress, toSocketOptions } from '@keepset/docker-engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBase } from '../../../test-fixtures/images.ts';
import { type EngineProxy, openProxy } from '../src/index.js';

const opened = new AsyncDisposableStack();
let engine: Engine;
let proxy: EngineProxy;
let image: string;
const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });

beforeAll(async () => {
  engine = opened.use(await connectEngine({ address }));
  image = await ensureBase(engine);
  proxy = opened.use(await openProxy(toSocketOptions(address)));
});
afterAll(() => opened.disposeAsync());

const docker = (args: readonly string[], host: string) =>
  spawn('docker', args, { env: { ...process.env, DOCKER_HOST: host }, stdio: ['pipe', 'pipe', 'pipe'] });

async function outcomeOf(child: ReturnType<typeof docker>) {
  const [stdout, stderr, [status]] = await Promise.all([
    Array.fromAsync(child.stdout),
    Array.fromAsync(child.stderr),
    once(child, 'close'),
  ]);
  return { status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

it('carries much in both directions, and its memory does not grow with it', async () => {
  const bytes = 256 * 1024 * 1024;
  const child = docker(['run', '--rm', '-i', image, 'sh', '-c', 'cat | head -c 1000000000'], proxy.address);
  const before = process.memoryUsage().rss;
  const piece = Buffer.alloc(1024 * 1024);
  const send = async () => {
    for (let sent = 0; sent < bytes; sent += piece.length)
      if (!child.stdin.write(piece)) await once(child.stdin, 'drain');
    child.stdin.end();
  };
  let received = 0;
  const receive = async () => {
    for await (const chunk of child.stdout) received += (chunk as Buffer).length;
  };
  await Promise.all([send(), receive(), once(child, 'close')]);
  expect(received).toBe(bytes);
  expect(process.memoryUsage().rss - before).toBeLessThan(bytes / 2);
});

it('the end of a client ends what it asked for', async () => {
  const child = docker(['events'], proxy.address);
  await once(child, 'spawn');
  child.kill('SIGKILL');
  await once(child, 'close');
  expect((await outcomeOf(docker(['ps', '-q'], proxy.address))).status).toBe(0);
});

it('its own end is an error for a client, and no wait', async () => {
  const own = await openProxy(toSocketOptions(address));
  const waiting = outcomeOf(docker(['events'], own.address));
  const attached = docker(['run', '--rm', image, 'sh', '-c', 'echo up; sleep 5'], own.address);
  await once(attached.stdout, 'data');
  const ended = once(attached, 'close');
  await own[Symbol.asyncDispose]();
  expect((await waiting).status).toBe(1);
  const [status] = await ended;
  expect(status).not.toBe(0);
});

it('an engine that does not answer is an error with a sentence', async () => {
  await using own = await openProxy({ path: '/no/such/socket' });
  const { status, stderr } = await outcomeOf(docker(['ps'], own.address));
  expect(status).toBe(1);
  expect(stderr).toContain('keepset: the engine does not answer (ENOENT)');
});

it('answers each request of a connection, one after the other', async () => {
  const { pathname: socketPath } = new URL(proxy.address);
  const ask = (path: string, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const asking = request({ socketPath, path, method }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      });
      asking.on('error', reject).end();
    });
  expect([
    await ask('/_ping'),
    await ask('/_ping', 'HEAD'),
    await ask('/v1.41/containers/nosuch/json'),
  ]).toEqual([200, 200, 404]);
});
