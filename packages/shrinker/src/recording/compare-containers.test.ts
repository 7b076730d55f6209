import { toContent } from '@keepset/run-comparison';
import { describe, expect, it } from 'vitest';
import { type ContainerDid, compareContainers } from './compare-containers.js';

const did = (
  stdout: string,
  exitStatus: number | null = 0,
  execs: ContainerDid['execs'] = [],
): ContainerDid => ({ exitStatus, stdout: toContent(stdout), stderr: toContent(''), execs });

const LARGE_BYTES = 17 * 1024 * 1024;
const large = (sha256: string): ContainerDid => ({
  ...did(''),
  stdout: { sha256, sizeBytes: LARGE_BYTES, async *read() {} },
});

const exec = (stdout: string, exitStatus: number | null = 0, name = 'ls') => ({
  ...{ command: [name, '-l'], exitStatus },
  stdout: toContent(stdout),
  stderr: toContent(''),
});
const EXEC = exec('');

describe('a container is held against the recording', () => {
  it.each([
    ['the same', [did('a\n')], did('a\n'), []],
    ['a line', [did('a\nb\n')], did('a\nc\n'), [{ where: 'stdout', line: 2, recorded: 'b', now: 'c' }]],
    ['a status', [did('')], did('', 1), [{ where: 'exit status', recorded: 0, now: 1 }]],
    ['it did not end', [did('')], did('', null), [{ where: 'exit status', recorded: 0, now: null }]],
    ['neither ended', [did('', null)], did('', null), []],
    ['a sample explains it', [did('at 1\n'), did('at 2\n')], did('at 3\n'), []],
    [
      'no sample explains it',
      [did('at 1\nsum 1\n'), did('at 2\nsum 1\n')],
      did('at 3\nsum 2\n'),
      [{ where: 'stdout', line: 2, recorded: 'sum 1', now: 'sum 2' }],
    ],
    [
      'a status that only a further run on the source has',
      [did(''), did('', 1)],
      did('', 1),
      [{ where: 'exit status', recorded: 0, now: 1 }],
    ],
    ['but where a client ended it', [did(''), did('', 143)], did('', 143), []],
    [
      'an exec that fails now, and once failed on the source',
      [did('', 0, [EXEC]), did('', 0, [{ ...EXEC, exitStatus: null }])],
      did(''),
      [{ where: 'exit status', exec: 'ls -l', recorded: 0, now: null }],
    ],
    [
      'an exec',
      [did('', 0, [EXEC])],
      did('', 0, [{ ...EXEC, exitStatus: 2 }]),
      [{ where: 'exit status', exec: 'ls -l', recorded: 0, now: 2 }],
    ],
    [
      'an exec that was not run',
      [did('', 0, [EXEC])],
      did(''),
      [{ where: 'exit status', exec: 'ls -l', recorded: 0, now: null }],
    ],
    [
      'what a client saw of an exec',
      [did('', 0, [exec('a\n'), exec('b\n', 0, 'cat')])],
      did('', 0, [exec('b\n', 0, 'cat'), exec('c\n')]),
      [{ where: 'stdout', exec: 'ls -l', line: 1, recorded: 'a', now: 'c' }],
    ],
    [
      'of execs with one command, each by its order',
      [did('', 0, [exec('1\n'), exec('2\n')])],
      did('', 0, [exec('1\n'), exec('3\n')]),
      [{ where: 'stdout', exec: 'ls -l', line: 1, recorded: '2', now: '3' }],
    ],
    [
      'what varies in an exec',
      [did('', 0, [exec('at 1\n')]), did('', 0, [exec('at 2\n')])],
      did('', 0, [exec('at 3\n')]),
      [],
    ],
    [
      'a large exec',
      [did('', 0, [{ ...EXEC, stdout: large('a').stdout }])],
      did('', 0, [{ ...EXEC, stdout: large('b').stdout }]),
      [
        {
          where: 'stdout',
          exec: 'ls -l',
          recorded: `${LARGE_BYTES} bytes, sha256 a`,
          now: `${LARGE_BYTES} bytes, sha256 b`,
        },
      ],
    ],
    ['an exec more', [did('')], did('', 0, [EXEC]), []],
    ['large and the same', [large('a')], large('a'), []],
    ['large, as a sample was', [large('a'), large('b')], large('b'), []],
  ])('%s', async (_, samples, now, expected) => {
    const { differences } = await compareContainers(samples as [ContainerDid], now);
    expect(differences).toEqual(expected);
  });

  it('what is too large to be saved whole is known by its hash', async () => {
    const { differences } = await compareContainers([large('a')], large('b'));
    expect(differences).toEqual([
      {
        where: 'stdout',
        recorded: `${LARGE_BYTES} bytes, sha256 a`,
        now: `${LARGE_BYTES} bytes, sha256 b`,
      },
    ]);
  });
});

describe('a container that a client asked to end', () => {
  const ended = (before: string, after: string, exitStatus = 0, execs: ContainerDid['execs'] = []) => ({
    ...did(before + after, exitStatus, execs),
    beforeEnd: async () => ({ stdout: toContent(before), stderr: toContent('') }),
  });

  it.each<[string, ContainerDid, ContainerDid, number, readonly string[]]>([
    [
      'ends in another order',
      ended('up\n', 'a\nb\n'),
      ended('up\n', 'b\na\n'),
      0,
      ['stdout after it was asked to end'],
    ],
    ['says less of it', ended('up\n', 'a\nb\n'), ended('up\n', ''), 0, ['stdout after it was asked to end']],
    ['ends as it did', ended('up\n', 'a\n'), ended('up\n', 'a\n'), 0, []],
    ['did otherwise before', ended('up\n', 'a\n'), ended('down\n', 'a\n'), 1, []],
    ['ends with another status', ended('up\n', 'a\n'), ended('up\n', '', 1), 2, []],
    ['had another exec', ended('up\n', 'a\n', 0, [EXEC]), ended('up\n', '', 0, [exec('x\n')]), 2, []],
    ['was not asked now', ended('up\n', 'a\n'), did('up\n'), 1, []],
  ])('%s', async (_, recorded, now, count, varies) => {
    const compared = await compareContainers([recorded], now);
    expect([compared.differences.length, compared.varies]).toEqual([count, varies]);
  });
});
