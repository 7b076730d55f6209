import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { compareRuns, type RunOutcome } from './compare-runs.js';
import { recordOutput } from './record-output.js';

const folder = mkdtempSync(join(tmpdir(), 'keepset-compare-'));
afterAll(() => rmSync(folder, { recursive: true }));

let runs = 0;

async function outcome(exitStatus: number, stdout: string, stderr = ''): Promise<RunOutcome> {
  await using recorder = await recordOutput(folder, `run-${++runs}`);
  await recorder.write({ stream: 'stdout', bytes: Buffer.from(stdout, 'latin1') });
  await recorder.write({ stream: 'stderr', bytes: Buffer.from(stderr, 'latin1') });
  return { exitStatus, output: await recorder.finish() };
}

it.each([
  ['nothing', ['', ''], ['', ''], []],
  ['equal lines', ['a\nb\n', 'e'], ['a\nb\n', 'e'], []],
  [
    'a line',
    ['a\nb\n', ''],
    ['a\nc\n', ''],
    [{ kind: 'output', stream: 'stdout', line: 2, source: 'b', result: 'c' }],
  ],
  [
    'the end of the result',
    ['a\nb\n', ''],
    ['a\n', ''],
    [{ kind: 'output', stream: 'stdout', line: 2, source: 'b\n', result: undefined }],
  ],
  [
    'the end of the source',
    ['', ''],
    ['', 'oops\n'],
    [{ kind: 'output', stream: 'stderr', line: 1, source: undefined, result: 'oops\n' }],
  ],
  [
    'a byte',
    ['\xff\n', ''],
    ['\xfe\n', ''],
    [{ kind: 'output', stream: 'stdout', line: 1, source: '\xff', result: '\xfe' }],
  ],
  [
    'both streams',
    ['a', 'b'],
    ['b', 'a'],
    [
      { kind: 'output', stream: 'stdout', line: 1, source: 'a', result: 'b' },
      { kind: 'output', stream: 'stderr', line: 1, source: 'b', result: 'a' },
    ],
  ],
  [
    'only the newline at the end',
    ['a\n', ''],
    ['a', ''],
    [{ kind: 'output', stream: 'stdout', line: 1, source: 'a\n', result: 'a' }],
  ],
  [
    'a carriage return',
    ['a\r\nb\n', ''],
    ['a\nb\n', ''],
    [{ kind: 'output', stream: 'stdout', line: 1, source: 'a\r', result: 'a' }],
  ],
] as const)('finds the first difference: %s', async (_what, source, result, differences) => {
  expect(
    await compareRuns(await outcome(0, source[0], source[1]), await outcome(0, result[0], result[1])),
  ).toEqual(differences);
});

it('compares exit statuses', async () => {
  expect(await compareRuns(await outcome(0, ''), await outcome(1, ''))).toEqual([
    { kind: 'exit-status', source: 0, result: 1 },
  ]);
});

it('says only that a result could not be started', async () => {
  const { output } = await outcome(0, 'other');
  const result = { exitStatus: undefined, failure: 'no such user', output };
  expect(await compareRuns(await outcome(0, ''), result)).toEqual([
    { kind: 'not-started', reason: 'no such user' },
  ]);
});

it('shows where a long line differs', async () => {
  const long = 'x'.repeat(3_000_000);
  const [one, other] = [`a\n${long}one${long}`, `a\n${long}other${long}`];
  expect(await compareRuns(await outcome(0, one), await outcome(0, other))).toEqual([
    {
      kind: 'output',
      stream: 'stdout',
      line: 2,
      source: expect.stringMatching(/^x{59}one/),
      result: expect.stringMatching(/^x{59}other/),
    },
  ]);
});
