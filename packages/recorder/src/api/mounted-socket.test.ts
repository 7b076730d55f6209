import { describe, expect, it } from 'vitest';
import { hasEngineSocket, mountEngineSocket } from './mounted-socket.js';

const bind = (source: string) => ({ Image: 'a', HostConfig: { Binds: [`${source}:/s:ro`, 'data:/data'] } });
const mount = (Source: string) => ({
  Image: 'a',
  HostConfig: { Mounts: [{ Type: 'bind', Source, Target: '/s' }] },
});

describe('a container has the socket of an engine', () => {
  it.each([
    [bind('/var/run/docker.sock'), true],
    [mount('/run/user/1000/podman/podman.sock'), true],
    [bind('/run/own/engine'), true],
    [mount('/run/own/engine'), true],
    [bind('/run/own'), false],
    [{ Image: 'a' }, false],
    [{ Image: 'a', HostConfig: null }, false],
  ])('%j: %s', (asked, expected) => {
    expect(hasEngineSocket(asked, '/run/own/engine')).toBe(expected);
  });
});

describe("the proxy's socket gives way to the engine's", () => {
  const change = (asked: unknown) =>
    JSON.parse(
      Buffer.from(
        mountEngineSocket(Buffer.from(JSON.stringify(asked)), '/tmp/proxy', '/run/engine'),
      ).toString(),
    );

  it.each([
    [bind('/tmp/proxy'), bind('/run/engine')],
    [mount('/tmp/proxy'), mount('/run/engine')],
    [bind('/tmp/proxy-2'), bind('/tmp/proxy-2')],
    [
      { Image: 'a', Cmd: ['cat', '/tmp/proxy'] },
      { Image: 'a', Cmd: ['cat', '/tmp/proxy'] },
    ],
    [
      { ...bind('/tmp/proxy'), Unknown: 1 },
      { ...bind('/run/engine'), Unknown: 1 },
    ],
  ])('%j', (asked, expected) => {
    expect(change(asked)).toEqual(expected);
  });

  it('what is no request of a container stays as it is', () => {
    const body = Buffer.from('{"/tmp/proxy');
    expect(mountEngineSocket(body, '/tmp/proxy', '/run/engine')).toBe(body);
  });
});
