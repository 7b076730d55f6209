import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listeningPorts } from './listening-ports.js';

const readTables = () =>
  ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFileSync(file, 'latin1')).join('');

describe('listening ports', () => {
  it('are those that the kernel tells of this machine', async () => {
    await using stack = new AsyncDisposableStack();
    for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, host, resolve));
      stack.defer(() => new Promise((resolve) => server.close(() => resolve())));
      expect(listeningPorts(readTables())).toContain((server.address() as AddressInfo).port);
    }
  });

  it.each([
    ['a listener', '   0: 00000000:0050 00000000:0000 0A 00000000:00000000', [80]],
    ['a connection to one', '   1: 0100007F:0050 0100007F:C350 01 00000000:00000000', []],
    ['the heading', '  sl  local_address rem_address   st tx_queue', []],
    [
      'one of IPv6',
      '  10: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0',
      [8080],
    ],
  ])('%s', (_title, text, ports) => {
    expect([...listeningPorts(text)]).toEqual(ports);
  });
});
