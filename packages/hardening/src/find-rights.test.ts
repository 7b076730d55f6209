import { describe, expect, it } from 'vitest';
import { BASE, FURTHER_FAMILIES } from './call-families.js';
import { countCalls } from './count-calls.js';
import { findRights } from './find-rights.js';
import { observe } from './observed.test-helper.js';
import { RUNTIME_CALLS } from './runtime-calls.js';
import { toSeccompProfile } from './seccomp-profile.js';

const FOR = { architecture: 'amd64' };

async function rightsOf(lines: readonly string[], options = {}) {
  return findRights([await observe(lines)], { ...FOR, ...options });
}

const names = ({ calls }: { readonly calls: readonly { readonly name: string }[] }) =>
  calls.map(({ name }) => name);

describe('system calls', () => {
  it('are those of the run, of every program, and of runtimes, each with its reasons', async () => {
    const { calls } = await rightsOf(['openat(AT_FDCWD</>, "/x", O_RDONLY) = 3</x>', 'getuid() = 0']);
    expect(calls.find(({ name }) => name === 'getuid')?.reasons).toEqual([
      { kind: 'run', run: 'main', program: '/bin/app', call: 'getuid', line: 2 },
    ]);
    expect(calls.map(({ name }) => name)).toEqual(expect.arrayContaining([...BASE.calls, 'execve']));
    expect(calls.map(({ name }) => name)).toEqual(calls.map(({ name }) => name).toSorted());
    expect(calls.every(({ reasons }) => reasons.length > 0)).toBe(true);
  });

  it.each([
    ['one that was refused each time', ['mount("a", "b") = -1 EPERM (no)'], 'mount', 'refused'],
    ['one that was refused once', ['kill(1, 0) = -1 EPERM (no)', 'kill(7, 0) = 0'], 'kill', 'allowed'],
    ['one that failed', ['rename("a", "b") = -1 ENOENT (no)'], 'rename', 'allowed'],
    [
      'one that the kernel has not got',
      ['landlock_add_rule() = -1 ENOSYS (no)'],
      'landlock_add_rule',
      'absent',
    ],
    ['one that hides its flags', ['clone3({flags=CLONE_VM}, 88) = 8'], 'clone3', 'absent'],
  ])('%s', async (_, lines, name, expected) => {
    const { calls, absent } = await rightsOf(lines);
    const found = names({ calls }).includes(name) ? 'allowed' : absent.includes(name) ? 'absent' : 'refused';
    expect(found).toBe(expected);
  });

  it.each([
    [
      ['socket(AF_UNIX, SOCK_STREAM, 0) = 3<a>', 'socket(AF_INET6, SOCK_DGRAM, 0) = 4<b>'],
      'socket',
      { oneOf: [1, 10] },
    ],
    [['socket(AF_SOMETHING, SOCK_RAW, 0) = 3<a>'], 'socket', undefined],
    [
      ['socket(AF_UNIX, SOCK_STREAM, 0) = 3<a>', 'socket(AF_PACKET, SOCK_RAW, 0) = -1 EPERM (no)'],
      'socket',
      { oneOf: [1] },
    ],
    [['personality(PER_LINUX32) = 0'], 'personality', { oneOf: [0, 8, 0xffffffff] }],
    [['clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 9'], 'clone', { without: 0x7e020000 }],
    [['clone(child_stack=NULL, flags=CLONE_NEWUSER|SIGCHLD) = 9'], 'clone', undefined],
  ])('arguments of %j', async (lines, name, only) => {
    const { calls } = await rightsOf(lines);
    expect(calls.find((call) => call.name === name)).toMatchObject({ name });
    expect(calls.find((call) => call.name === name)?.only).toEqual(only);
  });

  it('families are added by name, and calls of runtimes where they are made', async () => {
    const time = FURTHER_FAMILIES.filter(({ name }) => name === 'time');
    const plain = await rightsOf([]);
    expect(names(plain)).not.toContain('nanosleep');
    expect(names(await rightsOf([], { families: time }))).toContain('nanosleep');
    for (const when of ['gaining', 'init'] as const) {
      const own = RUNTIME_CALLS.filter((call) => call.when === when).map(({ name }) => name);
      expect(names(await rightsOf([], { [when]: true }))).toEqual(expect.arrayContaining(own));
    }
    expect(names(plain)).not.toContain('setgroups');
  });

  it('are counted by the strongest reason', async () => {
    const rights = await rightsOf(['getuid() = 0', 'openat(AT_FDCWD</>, "/x", O_RDONLY) = 3</x>']);
    const { all, runs, base, runtime } = countCalls(rights);
    expect([runs, base]).toEqual([2, BASE.calls.length]);
    expect(all).toBe(runs + base + runtime);
  });

  it('of programs of 32 bits are a profile’s of both architectures', async () => {
    const architectures = async (options: object) =>
      toSeccompProfile(await rightsOf([], options)).architectures;
    expect(await architectures({ thirtyTwoBit: true })).toEqual(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']);
    expect(await architectures({})).toEqual(['SCMP_ARCH_X86_64']);
  });

  it('of programs of 32 bits return from a signal, whether a run had one or not', async () => {
    const names = async (options: object) => (await rightsOf([], options)).calls.map(({ name }) => name);
    expect(await names({ thirtyTwoBit: true })).toContain('sigreturn');
    expect(await names({})).not.toContain('sigreturn');
  });
});

describe('capabilities', () => {
  it.each([
    [
      'bind(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
      'NET_BIND_SERVICE',
    ],
    [
      'bind(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
      undefined,
    ],
    ['setgid(33) = 0', 'SETGID'],
    ['setresuid(-1, 33, -1) = 0', 'SETUID'],
    ['setuid(0) = 0', undefined],
    ['setgroups(0, []) = 0', 'SETGID'],
    ['chown("/a, b", 33, -1) = 0', 'CHOWN'],
    ['fchownat(AT_FDCWD</>, "a", 33, 33, 0) = 0', 'CHOWN'],
    ['fchown(3</x>, 0, 0) = 0', undefined],
    ['chroot("/x") = 0', 'SYS_CHROOT'],
    ['chroot("/x") = -1 EPERM (no)', undefined],
  ])('of root that does %s', async (line, capability) => {
    const { capabilities } = await rightsOf([line], { rootRuns: ['main'] });
    expect(capabilities.map(({ name }) => name)).toEqual(capability === undefined ? [] : [capability]);
  });

  it('devices are those that not every container has', async () => {
    const lines = [
      'openat(AT_FDCWD</>, "/dev/fuse", O_RDWR) = 3</dev/fuse>',
      'openat(AT_FDCWD</>, "/dev/null", 0) = 4</dev/null>',
    ];
    expect((await rightsOf(lines)).devices).toEqual(['/dev/fuse']);
  });

  it('a plain user does nothing by right of one', async () => {
    expect((await rightsOf(['setgid(33) = 0'])).capabilities).toEqual([]);
  });
});

describe('network', () => {
  it.each([
    [[], { kind: 'none', listens: [], connects: false }],
    [
      [
        'bind(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
      ],
      { kind: 'none', listens: [], connects: false },
    ],
    [
      [
        'socket(AF_INET6, SOCK_DGRAM, 0) = 3<socket:[9]>',
        'bind(3<socket:[9]>, {sa_family=AF_INET6, sin6_port=htons(53), inet_pton(AF_INET6, "::", &sin6_addr)}, 28) = 0',
      ],
      { kind: 'network', listens: ['udp/53'], connects: false },
    ],
    [
      [
        'connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("9.9.9.9")}, 16) = -1 EINPROGRESS (x)',
      ],
      { kind: 'network', listens: [], connects: true },
    ],
    [
      ['connect(3<socket:[1]>, {sa_family=AF_UNIX, sun_path="/x"}, 16) = 0'],
      { kind: 'none', listens: [], connects: false },
    ],
  ])('of %j', async (lines, expected) => {
    expect((await rightsOf(lines)).network).toEqual(expected);
  });
});
