import { describe, expect, it } from 'vitest';
import { effectiveCommand } from './effective-command.js';
import type { RunOptions } from './run-options.js';
import { toContainerConfig } from './to-container-config.js';

const PLAIN = {
  Image: 'i',
  Tty: false,
  OpenStdin: false,
  StdinOnce: false,
  AttachStdin: false,
  AttachStdout: true,
  AttachStderr: true,
  HostConfig: {},
};
const configOf = (options: RunOptions, command: string[] = []) => toContainerConfig('i', command, options);

describe('an option', () => {
  it.each<[RunOptions, object]>([
    [{}, {}],
    [{ env: ['A=1', 'B='] }, { Env: ['A=1', 'B='] }],
    [{ workdir: '/w' }, { WorkingDir: '/w' }],
    [{ user: '1:2' }, { User: '1:2' }],
    [{ entrypoint: '/e' }, { Entrypoint: ['/e'] }],
    [{ entrypoint: '' }, { Entrypoint: [''] }],
    [{ hostname: 'h' }, { Hostname: 'h' }],
    [{ platform: 'linux/arm64' }, { platform: 'linux/arm64' }],
    [{ stopSignal: 'SIGINT' }, { StopSignal: 'SIGINT' }],
    [{ tty: true }, { Tty: true }],
    [{ interactive: true }, { OpenStdin: true, StdinOnce: true, AttachStdin: true }],
    [{ volume: ['/anonymous'] }, { Volumes: { '/anonymous': {} } }],
  ])('%j', (options, expected) => {
    expect(configOf(options)).toEqual({ ...PLAIN, ...expected });
  });

  it.each<[RunOptions, object]>([
    [{ volume: ['/a:/b', 'named:/c:ro'] }, { Binds: ['/a:/b', 'named:/c:ro'] }],
    [{ tmpfs: ['/t', '/u:size=1m,mode=0700'] }, { Tmpfs: { '/t': '', '/u': 'size=1m,mode=0700' } }],
    [{ network: 'none' }, { NetworkMode: 'none' }],
    [{ addHost: ['a:1.2.3.4'] }, { ExtraHosts: ['a:1.2.3.4'] }],
    [{ dns: ['1.1.1.1'] }, { Dns: ['1.1.1.1'] }],
    [{ shmSize: '64m' }, { ShmSize: 64 * 2 ** 20 }],
    [{ memory: '512' }, { Memory: 512 }],
    [{ pidsLimit: '50' }, { PidsLimit: 50 }],
    [{ pidsLimit: '-1' }, { PidsLimit: -1 }],
    [{ memory: '1.5g' }, { Memory: 1.5 * 2 ** 30 }],
    [{ memory: '2GiB' }, { Memory: 2 * 2 ** 30 }],
    [{ memory: '3 kb' }, { Memory: 3 * 2 ** 10 }],
    [{ memory: '7b' }, { Memory: 7 }],
    [{ memory: '1T' }, { Memory: 2 ** 40 }],
    [{ cpus: '1.5' }, { NanoCpus: 1.5e9 }],
    [
      { capAdd: ['A'], capDrop: ['ALL'] },
      { CapAdd: ['A'], CapDrop: ['ALL'] },
    ],
    [{ securityOpt: ['no-new-privileges'] }, { SecurityOpt: ['no-new-privileges'] }],
    [{ readOnly: true }, { ReadonlyRootfs: true }],
    [
      { ulimit: ['nofile=1:2', 'nproc=3'] },
      {
        Ulimits: [
          { Name: 'nofile', Soft: 1, Hard: 2 },
          { Name: 'nproc', Soft: 3, Hard: 3 },
        ],
      },
    ],
    [{ ulimit: ['core=-1'] }, { Ulimits: [{ Name: 'core', Soft: -1, Hard: -1 }] }],
    [{ sysctl: ['a.b=1'] }, { Sysctls: { 'a.b': '1' } }],
    [
      { device: ['/dev/a'] },
      { Devices: [{ PathOnHost: '/dev/a', PathInContainer: '/dev/a', CgroupPermissions: 'rwm' }] },
    ],
    [
      { device: ['/dev/a:/dev/b:r'] },
      { Devices: [{ PathOnHost: '/dev/a', PathInContainer: '/dev/b', CgroupPermissions: 'r' }] },
    ],
    [
      { device: ['/dev/a:rw'] },
      { Devices: [{ PathOnHost: '/dev/a', PathInContainer: '/dev/a', CgroupPermissions: 'rw' }] },
    ],
    [{ gpus: 'all' }, { DeviceRequests: [{ Count: -1, Capabilities: [['gpu']] }] }],
    [{ gpus: '2' }, { DeviceRequests: [{ Count: 2, Capabilities: [['gpu']] }] }],
    [
      { gpus: '"device=0,GPU-1"' },
      { DeviceRequests: [{ Count: 0, DeviceIDs: ['0', 'GPU-1'], Capabilities: [['gpu']] }] },
    ],
    [{ groupAdd: ['g', '7'] }, { GroupAdd: ['g', '7'] }],
    [{ init: true }, { Init: true }],
    [
      { mount: ['type=bind,source=/a,target=/b,readonly'] },
      { Mounts: [{ Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true }] },
    ],
    [
      { mount: ['src=v,dst=/b,ro=false,volume-nocopy'] },
      {
        Mounts: [
          { Type: 'volume', Source: 'v', Target: '/b', ReadOnly: false, VolumeOptions: { NoCopy: true } },
        ],
      },
    ],
    [
      { mount: ['type=tmpfs,destination=/t,tmpfs-size=1m,tmpfs-mode=1777'] },
      { Mounts: [{ Type: 'tmpfs', Target: '/t', TmpfsOptions: { SizeBytes: 2 ** 20, Mode: 0o1777 } }] },
    ],
    [
      { mount: ['type=bind,source=/a,target=/b,bind-propagation=rslave,consistency=cached'] },
      { Mounts: [{ Type: 'bind', Source: '/a', Target: '/b', BindOptions: { Propagation: 'rslave' } }] },
    ],
  ])('of the host: %j', (options, expected) => {
    expect(configOf(options).HostConfig).toEqual(expected);
  });

  it.each<[string, [string, string][]]>([
    ['80', [['80/tcp', ':']]],
    ['8080:80', [['80/tcp', ':8080']]],
    ['127.0.0.1:8080:80/udp', [['80/udp', '127.0.0.1:8080']]],
    ['127.0.0.1::80', [['80/tcp', '127.0.0.1:']]],
    ['[::1]:8080:80', [['80/tcp', '::1:8080']]],
    [
      '8000-8001:80-81',
      [
        ['80/tcp', ':8000'],
        ['81/tcp', ':8001'],
      ],
    ],
    [
      '80-81',
      [
        ['80/tcp', ':'],
        ['81/tcp', ':'],
      ],
    ],
  ])('that publishes %s', (text, expected) => {
    const { ExposedPorts, HostConfig } = configOf({ publish: [text] });
    const bindings = Object.entries(HostConfig?.PortBindings ?? {});
    expect(bindings.map(([port, [one]]) => [port, `${one?.HostIp}:${one?.HostPort}`])).toEqual(expected);
    expect(Object.keys(ExposedPorts ?? {})).toEqual(expected.map(([port]) => port));
  });

  it.each<[RunOptions]>([
    [{ memory: 'much' }],
    [{ pidsLimit: '0' }],
    [{ pidsLimit: 'few' }],
    [{ memory: '-1' }],
    [{ memory: '' }],
    [{ shmSize: '1x' }],
    [{ cpus: '0' }],
    [{ cpus: 'all' }],
    [{ volume: ['relative'] }],
    [{ volume: ['/a:b'] }],
    [{ mount: ['type=bind,source=/a'] }],
    [{ mount: ['type=none,target=/a'] }],
    [{ mount: ['target=/a,colour=red'] }],
    [{ publish: ['http'] }],
    [{ publish: ['80/icmp'] }],
    [{ publish: ['81-80'] }],
    [{ publish: ['8000-8002:80-81'] }],
    [{ ulimit: ['nofile'] }],
    [{ ulimit: ['nofile=many'] }],
    [{ sysctl: ['a.b'] }],
    [{ sysctl: ['=1'] }],
    [{ device: ['sda'] }],
    [{ gpus: 'some' }],
  ])('that is not in docker’s notation is an error, which names it: %j', (options) => {
    const [value] = Object.values(options).flat();
    expect(() => configOf(options)).toThrow(
      expect.objectContaining({
        code: 'RUN_OPTION_INVALID',
        message: expect.stringContaining(String(value)),
        facts: expect.objectContaining({ option: Object.keys(options)[0] }),
      }),
    );
  });

  it('names the field of a mount that is not in notation', () => {
    expect(() => configOf({ mount: ['type=tmpfs,target=/a,tmpfs-size=big'] })).toThrow(/mount 'big'/);
  });

  it('does not change what follows IMAGE', () => {
    expect(configOf({}, ['a', '-b', '']).Cmd).toEqual(['a', '-b', '']);
  });
});

describe('the command', () => {
  const image = { Entrypoint: ['/e', '-x'], Cmd: ['c'] };
  it.each([
    ["the image's own", image, [], undefined, ['/e', '-x', 'c']],
    ['given: CMD makes way', image, ['d'], undefined, ['/e', '-x', 'd']],
    ['an ENTRYPOINT given: CMD makes way', image, [], '/f', ['/f']],
    ['both given', image, ['d'], '/f', ['/f', 'd']],
    ['an ENTRYPOINT taken away', image, ['d'], '', ['d']],
    ['no ENTRYPOINT', { Cmd: ['c'] }, [], undefined, ['c']],
    ['no CMD', { Entrypoint: ['/e'], Cmd: null }, [], undefined, ['/e']],
    ['nothing at all', { Entrypoint: null }, [], undefined, []],
  ])('%s', (_, of, command, entrypoint, expected) => {
    expect(effectiveCommand(of, command, entrypoint)).toEqual(expected);
  });
});
