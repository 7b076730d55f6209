import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import type { ContainerState } from '@keepset/docker-engine';
import { describe, expect, it } from 'vitest';
import { listeningHere } from './listening-here.js';

/** This process, as if it were the first one of a container. */
const asContainer = (id: string, processId: number | undefined = process.pid) => ({
  id,
  state: async (): Promise<ContainerState> => ({
    isRunning: true,
    processId,
    networkMode: 'default',
    addresses: [],
    ports: [],
  }),
});

describe('ports on which a process of this machine listens', () => {
  it('are found, if it belongs to the container', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const groups = (await readFile('/proc/self/cgroup', 'latin1')).trim();
    expect((await listeningHere(asContainer(groups)))?.has(port)).toBe(true);
    server.close();
  });

  it.each([
    ['it belongs to another container, as on another machine', asContainer('0'.repeat(64))],
    ['there is no such process', asContainer('', 2 ** 22 + 1)],
    [
      'the engine does not tell which it is',
      {
        ...asContainer(''),
        state: async () => ({ ...(await asContainer('').state()), processId: undefined }),
      },
    ],
  ])('are not told where %s', async (_where, container) => {
    expect(await listeningHere(container)).toBeUndefined();
  });
});
