import { describe, expect, it } from 'vitest';
import { compareRuns } from './compare-runs.js';
import { type Content, type FileState, type RunOutcome, toContent } from './run-outcome.js';

interface StepParts {
  readonly name?: string;
  readonly exitStatus?: number | undefined;
  readonly stdout?: string;
}

interface Parts {
  readonly steps?: readonly StepParts[];
  readonly exitStatus?: number | undefined;
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string;
  readonly files?: Readonly<Record<string, Partial<FileState> | string | Uint8Array>>;
}

function run({ stdout = '', stderr = '', files = {}, steps = [], ...rest }: Parts): RunOutcome {
  const toState = (value: Partial<FileState> | string | Uint8Array): FileState => ({
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    ...(typeof value === 'string' || value instanceof Uint8Array ? { content: toContent(value) } : value),
  });
  return {
    exitStatus: 'exitStatus' in rest ? rest.exitStatus : 0,
    stdout: toContent(stdout),
    stderr: toContent(stderr),
    steps: steps.map(({ name = 'ask', stdout = '', ...rest }) => ({
      name,
      exitStatus: 'exitStatus' in rest ? rest.exitStatus : 0,
      stdout: toContent(stdout),
      stderr: toContent(''),
    })),
    files: new Map(Object.entries(files).map(([path, value]) => [path, toState(value)])),
  };
}

const file = (path: string, aspect: string, more: object = {}) => ({ kind: 'file', path, aspect, ...more });

describe('with one run of the source', () => {
  it.each<[string, Parts, Parts, readonly object[]]>([
    ['nothing', {}, {}, []],
    ['the exit status', {}, { exitStatus: 1 }, [{ kind: 'exit-status', source: 0, result: 1 }]],
    [
      'how a step ends, and what it prints',
      {
        steps: [
          { exitStatus: 200, stdout: 'a' },
          { name: 'other', exitStatus: 0 },
        ],
      },
      {
        steps: [
          { exitStatus: 200, stdout: 'b' },
          { name: 'other', exitStatus: 1 },
        ],
      },
      [
        { kind: 'output', step: 'ask', stream: 'stdout', line: 1, source: 'a', result: 'b' },
        { kind: 'exit-status', step: 'other', source: 0, result: 1 },
      ],
    ],
    [
      'both streams',
      { stdout: 'a', stderr: 'b' },
      { stdout: 'b', stderr: 'a' },
      [
        { kind: 'output', stream: 'stdout', line: 1, source: 'a', result: 'b' },
        { kind: 'output', stream: 'stderr', line: 1, source: 'b', result: 'a' },
      ],
    ],
    ['a file that is not written', { files: { '/a': 'x' } }, {}, [file('/a', 'missing')]],
    ['a file that should not be', {}, { files: { '/a': 'x' } }, [file('/a', 'extra')]],
    [
      'one byte of a file',
      { files: { '/a': 'one\ntwo\n' } },
      { files: { '/a': 'one\ntwa\n' } },
      [file('/a', 'content', { line: 2, source: 'two', result: 'twa' })],
    ],
    [
      'one byte of a file that is no text',
      { files: { '/a': Buffer.from([0, 1, 2]) } },
      { files: { '/a': Buffer.from([0, 1, 3]) } },
      [file('/a', 'content', { line: 1, source: '\0\x01\x02', result: '\0\x01\x03' })],
    ],
    [
      'mode and owner',
      { files: { '/a': { mode: 0o4755 } } },
      { files: { '/a': { mode: 0o755, uid: 1 } } },
      [
        file('/a', 'mode', { source: '4755', result: '0755' }),
        file('/a', 'owner', { source: '0:0', result: '1:0' }),
      ],
    ],
    [
      'the kind',
      { files: { '/a': { type: 'directory' } } },
      { files: { '/a': 'x' } },
      [file('/a', 'type', { source: 'directory', result: 'file' })],
    ],
    [
      'where a link leads',
      { files: { '/a': { type: 'symlink', linkTarget: 'b' } } },
      { files: { '/a': { type: 'symlink', linkTarget: 'c' } } },
      [file('/a', 'link-target', { source: 'b', result: 'c' })],
    ],
  ])('everything counts: %s', async (_what, source, result, differences) => {
    expect(await compareRuns([run(source)], run(result))).toMatchObject({ differences, masked: [] });
  });

  it('a result that could not be started says only that', async () => {
    const result = { ...run({ exitStatus: undefined, stdout: 'other' }), failure: 'no such user' };
    expect((await compareRuns([run({})], result)).differences).toEqual([
      { kind: 'not-started', reason: 'no such user' },
    ]);
  });

  it('contents above the limit are not held in memory, and the place is found all the same', async () => {
    const chunk = Buffer.from(`${'x'.repeat(1023)}\n`);
    const large = (last: string): Content => ({
      sha256: last,
      sizeBytes: 20 * 1024 * 1024,
      async *read() {
        for (let count = 0; count < 20 * 1024; count++) yield chunk;
        yield Buffer.from(last);
      },
    });
    const [source, result] = ['one', 'two'].map((last) => ({ ...run({}), stdout: large(last) }));
    expect((await compareRuns([source as RunOutcome], result as RunOutcome)).differences).toEqual([
      { kind: 'output', stream: 'stdout', line: 20 * 1024 + 1, source: 'one', result: 'two' },
    ]);
  });
});

describe('with further runs of the source', () => {
  it.each<[string, readonly Parts[], readonly Parts[], readonly Parts[], readonly object[]]>([
    [
      'an exit status that varies',
      [{ exitStatus: 0 }, { exitStatus: 1 }],
      [{ exitStatus: 1 }],
      [{ exitStatus: 2 }],
      [{ where: 'exit-status' }],
    ],
    [
      'a log with times',
      [{ files: { '/log': 'at 10:00:01\n' } }, { files: { '/log': 'at 10:00:09\n' } }],
      [{ files: { '/log': 'at 11:00:00\n' } }],
      [{ files: { '/log': 'never\n' } }, {}],
      [{ where: { path: '/log' }, variation: 'words' }],
    ],
    [
      'a database that varies as a whole, its name and mode kept',
      [{ files: { '/db': Buffer.from([0, 1]) } }, { files: { '/db': Buffer.from([2, 3, 4]) } }],
      [{ files: { '/db': Buffer.from([0, 3, 5]) } }],
      [{}, { files: { '/db': { mode: 0o600, content: toContent('\0') } } }],
      [{ where: { path: '/db' }, variation: 'content' }],
    ],
    [
      'names by mktemp, their contents kept',
      [
        { files: { '/tmp/tmp.aaa111': 'x\n', '/out': 'y' } },
        { files: { '/tmp/tmp.bbb222': 'x\n', '/out': 'y' } },
      ],
      [{ files: { '/tmp/tmp.ccc333': 'x\n', '/out': 'y' } }],
      [
        { files: { '/tmp/tmp.ccc333': 'z\n', '/out': 'y' } },
        { files: { '/out': 'y' } },
        { files: { '/tmp/tmp.ccc333': 'x\n', '/tmp/tmp.ddd444': 'x\n', '/out': 'y' } },
        { files: { '/tmp/tmp.ccc333': 'x\n' } },
        { files: { '/tmp/tmp.ccc333': 'x\n', '/out': 'y', '/other': '' } },
      ],
      [{ where: 'file-names' }],
    ],
    [
      'names by mkstemp, with its mark in them and at their end',
      [{ files: { '/tmp/tmp1aq7x93k.txt': 'x\n' } }, { files: { '/tmp/tmp5swspo__.txt': 'x\n' } }],
      [{ files: { '/tmp/tmp2z_14ye_.txt': 'x\n' } }, { files: { '/tmp/tmpk2p9dq__.txt': 'x\n' } }],
      [{ files: { '/tmp/tmp2z_14ye_.txt': 'z\n' } }, { files: {} }, { files: { '/tmp/tmp7_.log': 'x\n' } }],
      [{ where: 'file-names' }],
    ],
    [
      'names by mkstemp that begin as their folder is called',
      [{ files: { '/tmp/tmp_1aq7x93': 'x\n' } }, { files: { '/tmp/tmp5swspo1k': 'x\n' } }],
      [{ files: { '/tmp/tmp_2z14yea': 'x\n' } }, { files: { '/tmp/tmpk2p9dqzz': 'x\n' } }],
      [
        { files: { '/tmp/tmp_2z14yea': 'z\n' } },
        { files: {} },
        { files: { '/tmp/other/tmpk2p9dqzz': 'x\n' } },
      ],
      [{ where: 'file-names' }],
    ],
    [
      'a number of files that varies',
      [{ files: { '/c/a1.o': '', '/c/b2.o': '' } }, { files: { '/c/c3.o': '' } }],
      [{ files: { '/c/d4.o': '' } }, { files: { '/c/d4.o': '', '/c/e5.o': '', '/c/f6.o': '' } }],
      [{}, { files: { '/c/d4.so': '' } }],
      [{ where: 'file-names' }],
    ],
  ])('no evidence: %s', async (_what, samples, good, bad, masked) => {
    for (const parts of good) {
      const comparison = await compareRuns(samples.map(run), run(parts));
      expect(comparison).toMatchObject({ differences: [], masked });
    }
    for (const parts of bad) {
      const { differences } = await compareRuns(samples.map(run), run(parts));
      expect(differences, JSON.stringify(parts)).not.toEqual([]);
    }
  });

  it.each<[boolean, Parts, Parts]>([
    [true, { stdout: '1\n' }, { stdout: '2\n' }],
    [true, { files: { '/tmp/a': '' } }, { files: { '/tmp/b': '' } }],
    [false, { files: { '/tmp/a': '' } }, {}],
    [false, { stdout: '1\n' }, { stdout: '2\n', exitStatus: 1 }],
    [false, { files: { '/a': { mode: 0o644 } } }, { files: { '/a': { mode: 0o600 } } }],
  ])('says whether more of them are worth their time: %s', async (isLikeNoise, source, result) => {
    expect((await compareRuns([run(source)], run(result))).isLikeNoise).toBe(isLikeNoise);
  });
});

it.each<[boolean, string, readonly string[]]>([
  [true, '2\n', ['3\n']],
  [false, '2\n', ['2\n']],
  [true, 'b\n1\n', ['b\n1\n']],
])(
  'runs that were the same each time differ by no chance, but for the order: %s',
  async (isLikeNoise, stdout, others) => {
    const source = run({ stdout: stdout.includes('b') ? '1\nb\n' : '1\n' });
    const comparison = await compareRuns([source, source], run({ stdout }), {
      others: others.map((each) => run({ stdout: each })),
    });
    expect(comparison).toMatchObject({ isLikeNoise, masked: [] });
    expect(comparison.differences).toHaveLength(1);
  },
);

it('leaves out what the user does not want compared', async () => {
  const [source, result] = [
    run({ stdout: 'seed 1\nsum 10\n', files: { '/log': 'a', '/out': 'b' } }),
    run({ stdout: 'seed 2\nsum 10\n', files: { '/log': 'x', '/out': 'b' } }),
  ];
  const options = { ignoreOutput: [/^seed .*$/], ignoreFile: (path: string) => path === '/log' };
  expect((await compareRuns([source], result, options)).differences).toEqual([]);
  expect(
    (await compareRuns([source], result, { ...options, ignoreFile: () => false })).differences,
  ).toHaveLength(1);
});

const times = (count: number) => Array.from({ length: count }, (_, at) => `10:00:0${at}`);

describe('says how everything was held', () => {
  it('by lines of output and by files', async () => {
    const made = (time: string, salt: number) =>
      run({
        stdout: `started at ${time}\nsum 10\nend`,
        stderr: 'a\nb\n',
        files: {
          '/same': 'x',
          '/log': `at ${time}\n`,
          '/random': Buffer.from(Array.from({ length: 64 }, (_, at) => (at * at * salt) % 251)),
          '/folder': { type: 'directory' },
        },
      });
    const samples = times(4).map((time, at) => made(time, at + 3));
    const comparison = await compareRuns(samples, made('23:59:59', 11));
    expect(comparison).toMatchObject({
      differences: [],
      lines: { exactly: 4, byMask: 1, notAtAll: 0 },
      files: { exactly: 1, byMask: 1, notAtAll: 1 },
      notCompared: [{ where: { path: '/random' }, reason: 'varies-throughout' }],
    });
  });

  it('and names lines of which nothing stays', async () => {
    const samples = ['the quick brown fox', 'jumps over the lazy dogs today', 'what a nice day'];
    const comparison = await compareRuns(
      samples.map((stdout) => run({ stdout: `${stdout}\nsum 10\n` })),
      run({ stdout: 'a lazy fox\nsum 10\n' }),
    );
    expect(comparison).toMatchObject({
      lines: { exactly: 1, byMask: 0, notAtAll: 1 },
      notCompared: [{ where: 'stdout', reason: 'no-form' }],
    });
  });

  it('and against which line of which sample a wrong one was held', async () => {
    const samples = times(2).map((time) => run({ stdout: `at ${time}\nretry\nsum 10\n` }));
    const { differences } = await compareRuns(samples, run({ stdout: 'at 23:00:00\nsum 11\n' }));
    expect(differences).toMatchObject([
      { stream: 'stdout', line: 2, source: 'sum 10', result: 'sum 11', heldAgainst: { sample: 1, line: 3 } },
    ]);
  });
});

it.each<[string, Parts, readonly object[]]>([
  ['the run itself', { exitStatus: 1 }, [{ statuses: [0, 1] }]],
  ['a step', { steps: [{ exitStatus: 7 }] }, [{ step: 'ask', statuses: [0, 7] }]],
])('says what ends in several ways: %s', async (_what, other, flaky) => {
  const first = run('steps' in other ? { steps: [{}] } : {});
  expect((await compareRuns([first, run(other)], first)).flaky).toEqual(flaky);
  expect((await compareRuns([first, first], first)).flaky).toEqual([]);
});

describe('of files whose names vary in the same way', () => {
  const named = (contents: readonly string[], letters: string) =>
    run({ files: Object.fromEntries(contents.map((each, at) => [`/tmp/tmp.${letters}${at}x`, each])) });

  it.each<
    [string, readonly (readonly string[])[], readonly (readonly string[])[], readonly (readonly string[])[]]
  >([
    [
      'contents that each sample has are to be there',
      [
        ['x', 'y'],
        ['y', 'x'],
      ],
      [
        ['x', 'y'],
        ['y', 'x'],
      ],
      [['x', 'x'], ['x', 'z'], ['x']],
    ],
    [
      'of any number of them, the content may be one only',
      [['x', 'x'], ['x']],
      [['x', 'x', 'x'], ['x']],
      [['x', 'z']],
    ],
  ])('%s', async (_what, samples, good, bad) => {
    const runs = samples.map((contents, at) => named(contents, 'abc'.charAt(at).repeat(3)));
    for (const contents of good)
      expect(await compareRuns(runs, named(contents, 'ddd'))).toMatchObject({
        differences: [],
        notCompared: [],
      });
    for (const contents of bad)
      expect((await compareRuns(runs, named(contents, 'ddd'))).differences, `${contents}`).not.toEqual([]);
  });

  it('others are not compared, and that is said', async () => {
    const runs = [named(['x', '1'], 'aaa'), named(['2', 'x'], 'bbb')];
    expect(await compareRuns(runs, named(['x', '3'], 'ccc'))).toMatchObject({
      differences: [],
      notCompared: [{ where: { path: '/tmp/tmp.ccc0x' }, reason: 'names-vary' }],
    });
    expect((await compareRuns(runs, named(['3', '4'], 'ccc'))).differences).not.toEqual([]);
  });
});

describe('a run that failed is no evidence of what varies', () => {
  const page = { exitStatus: 200, stdout: '12 plugins\n' };
  const served = { stdout: 'ready\n', steps: [page], files: { '/log': 'ready\n' } };
  const empty = { stdout: '', steps: [{ exitStatus: 200, stdout: '' }] };

  it.each<[string, Parts]>([
    ['that could not be started, or not be asked everything', { exitStatus: undefined }],
    ['of which a step got no answer', { ...served, steps: [{ exitStatus: undefined }] }],
    ['that came to no step', { ...served, steps: [] }],
  ])('%s', async (_what, failed) => {
    const samples = [served, failed, served].map(run);
    expect((await compareRuns(samples, run(served))).differences).toEqual([]);
    expect((await compareRuns(samples, run({ ...served, ...empty }))).differences).toMatchObject([
      { kind: 'output', stream: 'stdout', source: 'ready' },
      { kind: 'output', stream: 'stdout', step: 'ask', source: '12 plugins' },
    ]);
  });

  it('of another status neither', async () => {
    const wrote = { exitStatus: 0, stdout: '12 plugins\n', files: { '/out': 'x' } };
    const samples = [wrote, { exitStatus: 1 }, wrote].map(run);
    expect((await compareRuns(samples, run(wrote))).differences).toEqual([]);
    expect((await compareRuns(samples, run({ exitStatus: 1 }))).differences).toEqual([]);
    expect((await compareRuns(samples, run({ exitStatus: 0 }))).differences).toMatchObject([
      { kind: 'output', source: '12 plugins' },
      { kind: 'file', path: '/out', aspect: 'missing' },
    ]);
    expect((await compareRuns(samples, run({ ...wrote, exitStatus: 1 }))).differences).toMatchObject([
      { kind: 'output', result: '12 plugins' },
      { kind: 'file', path: '/out', aspect: 'extra' },
    ]);
  });

  it('nor does it serve as a result', async () => {
    const { differences } = await compareRuns([run(served)], run({ ...served, steps: [] }));
    expect(differences).toMatchObject([
      { kind: 'exit-status', step: 'ask', source: 200, result: undefined },
      { kind: 'output', step: 'ask', source: '12 plugins' },
    ]);
  });
});

describe('files of which more or less are written, with names made at random', () => {
  const wrote = (count: number, seed: number) =>
    run({
      files: Object.fromEntries(
        Array.from({ length: count }, (_, at) => [
          `/tmp/tmp${(seed * 7919 + at * 104729).toString(36)}`,
          'x',
        ]),
      ),
    });

  it.each([
    [[2, 3], 2, true],
    [[2, 3], 1, true],
    [[2, 3], 12, true],
    [[2, 3], 0, false],
    [[2, 3], 40, false],
    [[0, 3], 0, true],
    [[20, 24], 3, false],
  ])('%j in samples, %i in the result', async (counts, own, isRight) => {
    const samples = counts.map((count, at) => wrote(count, at + 1));
    const { differences, isLikeNoise } = await compareRuns(samples, wrote(own, 9));
    expect(differences.length === 0).toBe(isRight);
    // A further sample may have fewer.
    if (!isRight) expect(isLikeNoise).toBe(own < 10);
  });
});
