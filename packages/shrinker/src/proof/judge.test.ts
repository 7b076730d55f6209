import { type RunOutcome, toContent } from '@keepset/run-comparison';
import { describe, expect, it } from 'vitest';
import type { EndedRun } from '../run/ended-run.js';
import type { LeftFile } from '../run/left-files.js';
import type { WrittenPath } from '../run/written-paths.js';
import { type CompareOptions, createJudge, type Judgement } from './judge.js';
import { printDifference } from './print-difference.js';

/** A run that nobody had to make: how it ended, what it printed, what it left. */
interface Ran {
  readonly exitStatus?: number | undefined;
  readonly failure?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly steps?: RunOutcome['steps'];
  readonly files?: Readonly<Record<string, Partial<LeftFile> & { readonly text?: string }>>;
}

interface Disposals {
  count: number;
}

function ended(ran: Ran, disposals: Disposals = { count: 0 }): EndedRun {
  const { stdout = '', stderr = '', steps = [], failure, files = {} } = ran;
  const states = new Map(
    Object.entries(files).map(([path, { text, ...state }]): [string, LeftFile] => [
      path,
      {
        type: 'file',
        mode: 0o644,
        uid: 0,
        gid: 0,
        ...state,
        ...(text !== undefined && { content: toContent(text) }),
      },
    ]),
  );
  return {
    exitStatus: 'exitStatus' in ran ? ran.exitStatus : 0,
    ...(failure !== undefined && { failure: new Error(failure) }),
    output: { stdout: toContent(stdout), stderr: toContent(stderr) },
    steps,
    answers: [],
    seconds: 1,
    left: {
      written: async () => [...states.keys()].map((path): WrittenPath => ({ path, isNew: true })),
      read: async (places) =>
        new Map([...states].filter(([path]) => places.some((each) => each.path === path))),
    },
    async [Symbol.asyncDispose]() {
      disposals.count++;
    },
  };
}

interface ToJudge extends CompareOptions {
  readonly mayFail?: boolean;
}

interface Judged extends Judgement {
  readonly resultRuns: number;
  readonly sourceRuns: number;
}

/** @param sources  the first, then what each further run of the source gives; the last one again and again */
async function judged(
  [first = {}, ...further]: readonly Ran[],
  results: readonly Ran[],
  { mayFail = false, ...options }: ToJudge = {},
): Promise<Judged> {
  await using judge = createJudge(ended(first), options);
  let [resultRuns, sourceRuns] = [0, 0];
  const nth = (all: readonly Ran[], index: number) => ended(all[Math.min(index, all.length - 1)] ?? first);
  const judgement = await judge.judge({
    runResult: async () => nth(results, resultRuns++),
    runSource: async () => nth(further, sourceRuns++),
    mayFail,
  });
  return { ...judgement, resultRuns, sourceRuns };
}

const SAME: Ran = {
  exitStatus: 0,
  stdout: 'a\nb\n',
  stderr: 'warning\n',
  files: { '/out': { text: 'made\n' }, '/link': { type: 'symlink', linkTarget: '/out' } },
};

describe('a result that does the same', () => {
  it('is run once, and the source not again', async () => {
    const { differences, masked, lines, files, resultRuns, sourceRuns } = await judged([SAME], [SAME]);
    expect({ differences, masked }).toEqual({ differences: [], masked: [] });
    expect({ lines, files }).toMatchObject({ lines: { exactly: 3 }, files: { exactly: 2 } });
    expect([resultRuns, sourceRuns]).toEqual([1, 0]);
  });
});

describe('a difference counts', () => {
  it.each<[string, Ran, RegExp]>([
    ['the exit status', { ...SAME, exitStatus: 1 }, /exit status 1 instead of 0/],
    ['standard output', { ...SAME, stdout: 'a\nc\n' }, /line 2 of standard output is "c" instead of "b"/],
    ['a line less', { ...SAME, stdout: 'a\n' }, /line 2 of standard output/],
    ['standard error', { ...SAME, stderr: 'other\n' }, /line 1 of standard error/],
    ['a file that is missing', { ...SAME, files: {} }, /\/link was not written/],
    ['a file more', { ...SAME, files: { ...SAME.files, '/more': { text: '' } } }, /\/more was written/],
    [
      'the content of a file',
      { ...SAME, files: { ...SAME.files, '/out': { text: 'x\n' } } },
      /\/out differs/,
    ],
    [
      'the mode of a file',
      { ...SAME, files: { ...SAME.files, '/out': { text: 'made\n', mode: 0o600 } } },
      /\/out has the mode 0600 instead of 0644/,
    ],
    [
      'the owner of a file',
      { ...SAME, files: { ...SAME.files, '/out': { text: 'made\n', uid: 7 } } },
      /\/out has the owner 7:0 instead of 0:0/,
    ],
    [
      'where a link leads',
      { ...SAME, files: { ...SAME.files, '/link': { type: 'symlink', linkTarget: '/x' } } },
      /\/link leads to/,
    ],
    ['that it cannot be started', { exitStatus: undefined, failure: 'no such file' }, /could not be started/],
  ])('%s', async (_title, result, message) => {
    const { differences } = await judged([SAME], [result]);
    expect(differences.map(printDifference).join('; ')).toMatch(message);
  });

  it('of what was asked of a service', async () => {
    const step = (exitStatus: number, text: string) => [
      { name: 'http GET /', exitStatus, stdout: toContent(text), stderr: toContent('') },
    ];
    const source = { steps: step(200, 'page') };
    const { differences: status } = await judged([source], [{ steps: step(404, 'page') }]);
    const { differences: answer } = await judged([source], [{ steps: step(200, 'other') }]);
    expect(status.map(printDifference)).toEqual(['http GET / ended with 404 instead of 200']);
    expect(answer.map(printDifference).join()).toMatch(/standard output of http GET \//);
  });
});

describe('a difference does not count', () => {
  it('in lines that the caller does not compare', async () => {
    const options = { ignoreOutput: [/took .*/g] };
    const { differences } = await judged([{ stdout: 'took 1 s\n' }], [{ stdout: 'took 2 s\n' }], options);
    expect(differences).toEqual([]);
  });

  it.each([['/log'], ['/log/**'], ['*.log']])(
    'in files that the caller does not compare: %s',
    async (glob) => {
      const files = (text: string) => ({ files: { '/log/a.log': { text } } });
      const { differences, files: counts } = await judged([files('a')], [files('b')], {
        ignoreFiles: [glob],
      });
      expect({ differences, counts }).toMatchObject({ differences: [], counts: { exactly: 0, byMask: 0 } });
    },
  );

  it('where further runs of the source vary in it as well', async () => {
    const at = (time: string): Ran => ({ stdout: `started at ${time}\nanswer 42\n` });
    const sources = ['10:00:01', '10:00:02', '10:00:07'].map(at);
    const { differences, masked, sourceRuns } = await judged(sources, [at('10:00:05')]);
    expect(differences).toEqual([]);
    expect(masked).toMatchObject([{ where: 'stdout' }]);
    expect(sourceRuns).toBeGreaterThan(0);
  });
});

describe('a file of the image in a volume', () => {
  const untouched = { files: { '/volume/file': { text: 'x', isOfImage: true } } } as const;
  const deleted: Ran = { files: {} };
  const changed: Ran = { files: { '/volume/file': { text: 'y' } } };
  it.each<[string, Ran, Ran, number]>([
    ['that no run touched may be left out of a result', untouched, deleted, 0],
    ['that no run touched may be there', untouched, untouched, 0],
    ['that the source deleted is to be deleted', deleted, untouched, 1],
    ['that the source changed is to be changed', changed, untouched, 1],
    ['that the source changed is not to be missing', changed, deleted, 1],
    ['that the result alone changed is a difference', untouched, changed, 1],
  ])('%s', async (_what, source, result, count) => {
    expect((await judged([source], [result])).differences).toHaveLength(count);
  });
});

it('what does not vary counts beside what does', async () => {
  const at = (time: string, answer: number): Ran => ({ stdout: `started at ${time}\nanswer ${answer}\n` });
  const sources = ['10:00:01', '10:00:02', '10:00:07'].map((time) => at(time, 42));
  const { differences } = await judged(sources, [at('10:00:05', 41)]);
  expect(differences.map(printDifference).join()).toMatch(/answer 41/);
});

describe('where the source may fail in one run and not in another', () => {
  const [done, failed]: readonly [Ran, Ran] = [{ stdout: 'done\n' }, { exitStatus: 1, stderr: 'busy\n' }];
  const broken: Ran = { stdout: 'not quite\n' };
  const sources = [done, failed, done];

  it.each<[string, readonly Ran[], number]>([
    ['succeeds at once', [done], 0],
    ['fails first', [failed, failed, done], 0],
    ['fails always', [failed], 1],
    ['fails first, and then does otherwise', [failed, broken], 1],
  ])('a result that %s', async (_what, results, count) => {
    const { differences, resultRuns } = await judged(sources, results, { mayFail: true });
    expect(differences).toHaveLength(count);
    expect(resultRuns).toBeLessThanOrEqual(6);
  });

  it('a result that fails always has that difference', async () => {
    const { differences } = await judged(sources, [failed], { mayFail: true });
    expect(differences).toEqual([{ kind: 'exit-status', source: 0, result: 1 }]);
  });
});

it('a result that cannot be started needs no further run of the source', async () => {
  const { sourceRuns } = await judged([SAME], [{ exitStatus: undefined, failure: 'no loader' }]);
  expect(sourceRuns).toBe(0);
});

it.each([
  ['quick', 1, 10],
  ['slow', 60, 5],
])('of a %s command no more than so many runs of the source are made', async (_what, seconds, samplesMax) => {
  let runs = 1;
  const random = () => ({ ...ended({ stdout: `${Math.random()}\n`.repeat(runs) }), seconds });
  await using judge = createJudge(random(), {});
  const { differences } = await judge.judge({
    runResult: async () => ended({ stdout: 'x\ny\n' }),
    async runSource() {
      runs++;
      return random();
    },
  });
  expect(differences.length).toBeGreaterThan(0);
  expect(runs).toBeLessThanOrEqual(samplesMax);
});

it('where something varies, a sample is made after the result: a clock goes on in between', async () => {
  let clock = 0;
  // A number, and one behind it that stays the same for a while.
  const at = (hour: number): EndedRun => {
    const text = Buffer.from([0, 200 + (clock++ % 50), 0, hour, 0]).toString('latin1');
    return { ...ended({ files: { '/time': { text } } }), seconds: 60 };
  };
  await using judge = createJudge(at(1), {});
  let hour = 1;
  const runSource = async () => at(hour);
  // As many samples as chance is worth.
  const wrong = await judge.judge({ runResult: async () => at(9), runSource });
  expect(wrong.differences).toHaveLength(1);
  hour = 2;
  const { differences } = await judge.judge({ runResult: async () => at(2), runSource });
  expect(differences).toEqual([]);
});

describe('a result that differs once, and not when it is run again', () => {
  const [usual, seldom] = [
    { stdout: 'counted 3\n' },
    { stdout: 'counted 4 and more\n' },
  ] as const satisfies readonly Ran[];
  it('is right where the source does so as well, now and then', async () => {
    const sources = [usual, usual, usual, usual, usual, seldom, usual];
    const { differences, isUnsteady = false } = await judged(sources, [seldom, usual]);
    expect({ differences, isUnsteady }).toEqual({ differences: [], isUnsteady: false });
  });

  it('is unsteady where no sample of the source does so, and says what differed', async () => {
    const { differences, isUnsteady, resultRuns } = await judged([usual], [seldom, usual]);
    expect(differences.map(printDifference).join()).toMatch(/counted 4/);
    expect({ isUnsteady, resultRuns }).toEqual({ isUnsteady: true, resultRuns: 2 });
  });

  it('is unsteady where the source shows what it did first, and never what it did then', async () => {
    const sources = [usual, usual, usual, usual, usual, seldom, usual];
    const never: Ran = { stdout: 'counted 3\n', stderr: 'counted none at all\n' };
    const { differences, isUnsteady } = await judged(sources, [seldom, never]);
    expect(differences.map(printDifference).join()).toMatch(/counted none/);
    expect(isUnsteady).toBe(true);
  });

  it('is right where the source does so as well, also when the result differs in another way each time', async () => {
    const lines = ['counted 4 and more', 'counted 5 in vain'].map((line): Ran => ({ stdout: `${line}\n` }));
    const sources = [usual, usual, usual, usual, usual, ...lines, usual];
    expect((await judged(sources, lines)).differences).toEqual([]);
  });

  it('is right, but for a file of which bytes vary, if only these differ in one of its runs', async () => {
    const table = (seconds: number, count: string): Ran => ({
      files: { '/stat': { text: `\0\x01${'-'.repeat(40)}\0${count}\0${'-'.repeat(40)}${1000 + seconds}\0` } },
    });
    const sources = Array.from({ length: 12 }, (_, second) => table(second, 'a'));
    const { differences, notCompared, files } = await judged(sources, [table(5, 'b'), table(6, 'a')]);
    expect({ differences, notCompared, files }).toEqual({
      differences: [],
      notCompared: [{ where: { path: '/stat' }, reason: 'varies-elsewhere' }],
      files: { exactly: 0, byMask: 0, notAtAll: 1 },
    });
    const always = await judged(sources, [table(5, 'b'), table(6, 'b')]);
    expect(always.differences).toHaveLength(1);
    const alsoSaid = (count: string): Ran => ({ ...table(5, count), stdout: count });
    const said = await judged(
      sources.map((source) => ({ ...source, stdout: 'a' })),
      [alsoSaid('b'), alsoSaid('a')],
    );
    expect(said).toMatchObject({ isUnsteady: true });
  });

  describe('in numbers of a line that has others that vary', () => {
    const took = (write: number, average: number): Ran => ({
      stderr: `ready\nwrote 3 buffers in ${(write / 1000).toFixed(3)} s, ${average} ms each\n`,
    });
    const sources = Array.from({ length: 12 }, (_, at) => took(11 + at, 1));

    it.each([
      ['one of its runs', [took(13, 2), took(14, 1)]],
      ['two of its runs, each in its own way', [took(13, 2), took(14, 3), took(15, 1)]],
    ])('is right, but for the line, if these differ in %s', async (_, results) => {
      const { differences, notCompared, lines } = await judged(sources, results);
      expect({ differences, notCompared, lines }).toEqual({
        differences: [],
        notCompared: [{ where: 'stderr', reason: 'varies-seldom' }],
        lines: { exactly: 1, byMask: 0, notAtAll: 1 },
      });
    });

    it.each([
      ['in the same way each time', [took(13, 2), took(14, 2)]],
      ['each time', [took(13, 2), took(14, 3), took(15, 4)]],
    ])('is wrong if these differ %s', async (_, results) => {
      expect((await judged(sources, results)).differences).toHaveLength(1);
    });

    it('is unsteady if a word differs as well', async () => {
      const wordy = { stderr: took(13, 2).stderr?.replace('buffers', 'bytes') ?? '' };
      expect(await judged(sources, [wordy, took(14, 1)])).toMatchObject({ isUnsteady: true });
    });
  });

  it('differs steadily in a file whose name is another each time', async () => {
    let number = 0;
    const wrote = (text: string): Ran => {
      const path = `/tmp/tmp${(0xabc1234 * ++number).toString(36)}.txt`;
      return { stdout: `wrote ${path}\n`, files: { [path]: { text } } };
    };
    const sources = Array.from({ length: 12 }, () => wrote('12 plugins\n'));
    const results = Array.from({ length: 3 }, () => wrote('0 plugins\n'));
    const { differences, isUnsteady = false, resultRuns } = await judged(sources, results);
    expect(differences).toMatchObject([{ kind: 'file', aspect: 'content' }]);
    expect({ isUnsteady, resultRuns }).toEqual({ isUnsteady: false, resultRuns: 2 });
  });

  it('differs in what is the same each time, whatever differs beside it', async () => {
    const said = (stderr: string): Ran => ({ stdout: '0 plugins\n', stderr });
    const sources = [{ stdout: '12 plugins\n', stderr: 'ready\n' }];
    const { differences } = await judged(sources, [said('ready\nslow\n'), said('ready\n')]);
    expect(differences).toMatchObject([{ kind: 'output', stream: 'stdout' }]);
  });

  it('differs steadily where it does so again', async () => {
    const { differences, isUnsteady = false, resultRuns } = await judged([usual], [seldom]);
    expect({ count: differences.length, isUnsteady, resultRuns }).toEqual({
      count: 1,
      isUnsteady: false,
      resultRuns: 2,
    });
  });
});

it('what the result alone wrote is looked for in the source as well', async () => {
  const source = ended({ files: { '/both': { text: 'x' } } });
  const blind: EndedRun = { ...source, left: { ...source.left, written: async () => [] } };
  await using judge = createJudge(blind, {});
  const { differences } = await judge.judge({
    runResult: async () => ended({ files: { '/both': { text: 'x' } } }),
    runSource: async () => blind,
  });
  expect(differences).toEqual([]);
});

it('lets go of results when they are judged, and of samples when it is disposed of itself', async () => {
  const [results, samples] = [{ count: 0 }, { count: 0 }];
  {
    await using judge = createJudge(ended({ stdout: 'at 1\n' }), {});
    await judge.judge({
      runResult: async () => ended({ stdout: 'at 2\n' }, results),
      runSource: async () => ended({ stdout: 'at 3\n' }, samples),
    });
    expect(results.count).toBeGreaterThan(0);
    expect(samples.count).toBe(0);
  }
  expect(samples.count).toBeGreaterThan(0);
});
