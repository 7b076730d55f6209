import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cutIntoArrays, parseQueue, slurm } from './slurm.js';

const folder = mkdtempSync(join(tmpdir(), 'test-slurm-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  [0, []],
  [1, [[0, 1]]],
  [1000, [[0, 1000]]],
  [
    2001,
    [
      [0, 1000],
      [1000, 1000],
      [2000, 1],
    ],
  ],
])('%i tasks are arrays that Slurm takes', (count, arrays) => {
  expect(cutIntoArrays(count).map(({ first, count: size }) => [first, size])).toEqual(arrays);
});

it('the queue is read by places of the round', () => {
  const jobs = [
    { id: '7', first: 0, count: 1000 },
    { id: '8', first: 1000, count: 5 },
  ];
  const text = '7 0 RUNNING\n7 1 PENDING\n8 2 COMPLETING\n  8 3 REQUEUED\n9 0 RUNNING\n7 N/A RUNNING\n\n';
  expect(parseQueue(text, jobs)).toEqual([
    { id: '7', place: 0, state: 'running' },
    { id: '7', place: 1, state: 'queued' },
    { id: '8', place: 1002, state: 'running' },
    { id: '8', place: 1003, state: 'queued' },
  ]);
});

const JOBS = [{ id: '1', first: 0, count: 1 }];

describe('what Slurm says', () => {
  /** A client whose programs are these. */
  const clientOf = (name: string, programs: Readonly<Record<string, string>>) => {
    const place = join(folder, name);
    mkdirSync(place);
    for (const [program, script] of Object.entries(programs)) {
      writeFileSync(join(place, program), `#!/bin/sh\n${script}\n`);
      chmodSync(join(place, program), 0o755);
    }
    return { environment: { PATH: `${place}:/usr/bin:/bin` }, workingDirectory: place };
  };
  const submission = { count: 1500, jobs: 3, command: ["it's"] };
  const given = { program: ['node'], options: ['-p', 'a b'], folder };

  it('when it takes them: words stay words, and each array is told before the next', async () => {
    const client = clientOf('takes', {
      sbatch: `printf '%s\\n' "$@" >>words; echo "$(wc -l <words);cluster"`,
    });
    const jobs: unknown[] = [];
    await slurm({ ...given, ...client }).submit(submission, async (job) => void jobs.push(job));
    const words = readFileSync(join(client.workingDirectory, 'words'), 'utf8').split('\n');
    const script = words.indexOf(join(folder, 'slurm/task.sh'));
    expect(words[2]).toBe('--array=0-999%3');
    expect(words.slice(script - 2, script + 4)).toEqual([
      '-p',
      'a b',
      join(folder, 'slurm/task.sh'),
      '0',
      'node',
      "it's",
    ]);
    expect(words).toContain('--array=0-499%3');
    expect(jobs).toEqual([
      { id: '12', first: 0, count: 1000 },
      { id: '24', first: 1000, count: 500 },
    ]);
  });

  it.each([
    ['there is none', {}, /there is no sbatch here/],
    ['it refuses', { sbatch: 'echo "sbatch: error: invalid partition" >&2; exit 1' }, /invalid partition/],
    ['it says nothing', { sbatch: 'exit 1' }, /sbatch failed/],
    ['it names no job', { sbatch: 'echo hello' }, /hello/],
  ] as const)('when %s', async (what, programs, message) => {
    const client = clientOf(what, programs);
    const own =
      Object.keys(programs).length === 0
        ? { ...client, environment: { PATH: client.workingDirectory } }
        : client;
    await expect(slurm({ ...given, ...own }).submit(submission, async () => {})).rejects.toThrow(
      expect.objectContaining({ code: 'FLEET_SCHEDULER_FAILED', message: expect.stringMatching(message) }),
    );
  });

  it('of jobs that it has forgotten: nothing is in the queue', async () => {
    const client = clientOf('forgot', {
      squeue: 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1',
    });
    expect(await slurm({ ...given, ...client }).places(JOBS)).toEqual([]);
  });

  it('nothing: that is told, and not taken for an empty queue', async () => {
    const client = clientOf('silent', { squeue: 'echo "Unable to contact slurm controller" >&2; exit 1' });
    await expect(slurm({ ...given, ...client }).places(JOBS)).rejects.toThrow(/contact/);
  });
});
