import { expect, it } from 'vitest';
import { toAskedRun } from './to-run-options.js';

it.each([
  [{ Cmd: ['a', 'b'] }, { command: ['a', 'b'], options: {}, variables: [] }],
  [
    { Entrypoint: ['sh', '-c'], Cmd: ['x'] },
    { command: ['-c', 'x'], options: { entrypoint: 'sh' } },
  ],
  [{ Env: ['TOKEN=secret', 'A=1', 'A=2'] }, { variables: ['A', 'TOKEN'], options: {} }],
  [
    { User: '1:2', WorkingDir: '/w', Tty: true, OpenStdin: true },
    { options: { user: '1:2', workdir: '/w', tty: true, interactive: true } },
  ],
  [
    { HostConfig: { Binds: ['/a:/b:ro', 'odd'] }, Volumes: { '/v': {} } },
    { options: { volume: ['/a:/b:ro', '/v'] } },
  ],
  [
    {
      HostConfig: {
        Mounts: [
          { Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true },
          { Type: 'bind', Source: '/a,b', Target: '/c' },
          { Type: 'npipe', Source: 'x', Target: '/d' },
        ],
      },
    },
    { options: { mount: ['type=bind,source=/a,target=/b,readonly'] } },
  ],
  [
    { HostConfig: { Tmpfs: { '/t': '', '/u': 'size=1m' }, NetworkMode: 'own' } },
    { options: { tmpfs: ['/t', '/u:size=1m'] } },
  ],
  [
    { HostConfig: { NetworkMode: 'none', Init: true, ReadonlyRootfs: true } },
    { options: { network: 'none', init: true, readOnly: true } },
  ],
])('%j', (asked, expected) => {
  const run = toAskedRun({ Image: 'i', ...asked });
  expect(run).toMatchObject(expected);
  expect(run.options).toEqual(expected.options);
  expect(JSON.stringify(run)).not.toContain('secret');
});
