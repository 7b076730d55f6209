import { describe, expect, it } from 'vitest';
import { type ProgramOptions, readProgramAccesses } from './program-accesses.js';

const execute = (path: string, errno?: string) =>
  `1 execve("${path}", ["${path}"], 0x1 /* 1 var */) = ${errno === undefined ? 0 : `-1 ${errno} (no)`}`;
const open = (path: string) => `1 openat(AT_FDCWD, "${path}", O_RDONLY) = 3`;
const exit = '1 +++ exited with 0 +++';

async function read(lines: readonly string[], options: Partial<ProgramOptions> = {}) {
  async function* trace() {
    yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
  }
  const accesses = readProgramAccesses(trace(), { workingDirectory: '/', ...options });
  return { accesses, seen: await Array.fromAsync(accesses) };
}

describe('the accesses of a program', () => {
  it.each([
    ['nothing before', [execute('/bin/sh'), open('/etc/passwd')], ['/bin/sh', '/etc/passwd'], true],
    [
      'the launcher',
      [execute('/.keepset/loader'), open('/etc/group'), execute('/bin/sh'), open('/a')],
      ['/bin/sh', '/a'],
      true,
    ],
    [
      'tries along PATH',
      [execute('/.keepset/loader'), execute('/usr/local/bin/sh', 'ENOENT'), execute('/bin/sh')],
      ['/bin/sh'],
      true,
    ],
    [
      'a program that is never executed',
      [execute('/.keepset/loader'), open('/etc/group'), execute('/none', 'ENOENT')],
      [],
      false,
    ],
    [
      'the launcher of another process',
      [
        execute('/.keepset-0123456789abcdef/loader'),
        execute('/.keepset-0123456789abcdef/bin/env'),
        execute('/bin/sh'),
      ],
      ['/bin/sh'],
      true,
    ],
    [
      'what only looks like a launcher, later',
      [execute('/bin/sh'), execute('/.keepset-0123456789abcdef/loader'), open('/a')],
      ['/bin/sh', '/.keepset-0123456789abcdef/loader', '/a'],
      true,
    ],
    ['a second program', [execute('/bin/sh'), execute('/bin/cat')], ['/bin/sh', '/bin/cat'], true],
    ['nothing', [], [], false],
  ])('leave out what came before the program: %s', async (_, lines, expected, isLaunched) => {
    const { accesses, seen } = await read(lines);
    expect(seen.map(({ path }) => path)).toEqual(expected);
    expect(accesses.isLaunched).toBe(isLaunched);
  });

  it.each([
    [
      'along PATH',
      [execute('/.keepset/loader'), execute('/usr/local/bin/sh', 'ENOENT'), execute('/bin/sh')],
      ['/usr/local/bin/sh', '/bin/sh'],
      true,
    ],
    [
      'that all fail',
      [execute('/.keepset/loader'), open('/etc/group'), execute('/none', 'ENOENT')],
      ['/none'],
      false,
    ],
  ])(
    'hold the attempts to execute it where they are asked for: %s',
    async (_, lines, expected, isLaunched) => {
      const { accesses, seen } = await read(lines, { withAttempts: true });
      expect(seen.map(({ path }) => path)).toEqual(expected);
      expect(accesses.isLaunched).toBe(isLaunched);
    },
  );

  it('begin in the working directory', async () => {
    const { seen } = await read([execute('./run'), open('data')], { workingDirectory: '/srv/app' });
    expect(seen.map(({ path }) => path)).toEqual(['/srv/app/./run', '/srv/app/data']);
  });

  it('name no program of the launcher’s', async () => {
    const { accesses, seen } = await read([
      execute('/.keepset/loader'),
      execute('/.keepset/bin/env'),
      execute('/bin/sh'),
      open('/a'),
      exit,
    ]);
    expect(seen.map(({ path, program }) => [path, program?.path])).toEqual([
      ['/bin/sh', undefined],
      ['/a', '/bin/sh'],
    ]);
    const { processes, lines, unparsed } = accesses.summary;
    expect(processes.map(({ pid, programs }) => [pid, programs.map(({ path }) => path)])).toEqual([
      [1, ['/bin/sh']],
    ]);
    expect({ lines, unparsed }).toEqual({ lines: 5, unparsed: 0 });
  });
});
