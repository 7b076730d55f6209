import { describe, expect, it } from 'vitest';
import { findRights } from './find-rights.js';
import { observe } from './observed.test-helper.js';
import type { Rights } from './rights.js';
import { widenRights } from './widen-rights.js';

const folders = ['/', '/srv', '/tmp'];
const image = {
  get: (path: string) =>
    folders.includes(path) ? { path, type: 'directory', mode: 0o1777, uid: 0 } : undefined,
  hasContents: () => false,
};

async function widened(before: readonly string[], now: readonly string[]) {
  const seen = await observe(before);
  const rights: Rights = {
    ...findRights([seen], { architecture: 'amd64' }),
    gaining: [],
    writable: [{ path: '/tmp', kind: 'tmpfs', because: '/tmp/x' }],
    rootWrites: [],
  };
  return { before: rights, ...widenRights(rights, await observe(now), { before: seen, image }) };
}

describe('what a run lacked', () => {
  it.each([
    ['a call that nobody had made', [], ['getpgrp() = 7'], ['getpgrp']],
    [
      'a family of sockets',
      ['socket(AF_UNIX, SOCK_STREAM, 0) = 3<a>'],
      ['socket(AF_INET, SOCK_STREAM, 0) = 3<a>'],
      ['socket {"oneOf":[1,2]}'],
    ],
    ['a capability', ['chown("/x", -1, 33) = 0'], ['chown("/x", -1, 33) = -1 EPERM (no)'], ['CAP_CHOWN']],
    ['what was refused before as well', ['kill(1, 9) = -1 EPERM (no)'], ['kill(1, 9) = -1 EPERM (no)'], []],
    [
      'a place',
      ['openat(AT_FDCWD</srv>, "x", O_CREAT) = 3</srv/x>'],
      ['openat(AT_FDCWD</srv>, "x", O_CREAT) = -1 EROFS (no)'],
      ['/srv volume'],
    ],
    [
      'to execute in memory',
      ['execve("/tmp/a", [], 0) = 0'],
      ['execve("/tmp/a", [], 0) = -1 EACCES (no)'],
      ['/tmp (executable) tmpfs'],
    ],
    [
      'a network',
      [],
      [
        'connect(3<s>, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("9.9.9.9")}, 16) = -1 ENETUNREACH (no)',
      ],
      ['connect', 'network'],
    ],
    ['nothing', ['getuid() = 0'], ['getuid() = 0'], []],
  ])('%s', async (_, before, now, expected) => {
    expect((await widened(before, now)).added).toEqual(expected);
  });

  it('nothing new leaves the rights as they are, and what is new says that it failed without', async () => {
    const same = await widened(['getuid() = 0'], ['getuid() = 0']);
    expect(same.rights).toBe(same.before);
    const more = await widened(['getuid() = 0'], ['getuid() = 0', 'getpgrp() = 7']);
    expect(more.rights.calls.find(({ name }) => name === 'getpgrp')?.reasons[0]?.kind).toBe('repair');
    expect(more.rights.calls.find(({ name }) => name === 'getuid')?.reasons[0]?.kind).toBe('run');
  });
});
