import { type ExecFileException, execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FleetError } from '../fleet-error.js';
import type { Job, ScheduledPlace, Scheduler, Submission } from './scheduler.js';

/** Who asks Slurm, and how tasks are given to it. */
export interface SlurmOptions {
  /** This program: the words of a task follow. */
  readonly program: readonly string[];
  /** Further options of sbatch: `-p long`, `--time=2:00:00`. */
  readonly options: readonly string[];
  /** Where the script and what tasks print lie. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** In which tasks run. */
  readonly workingDirectory: string;
}

/** No array may have more on a Slurm that nobody changed. @see slurm.conf(5), MaxArraySize */
const ARRAY_TASKS_MAX = 1000;

/**
 * Everything that differs comes as words: nothing is written into the script.
 *
 * @see sbatch(1), "Job arrays"
 */
const SCRIPT = `#!/bin/sh
# One task of an array: the place of its first task, and the command to which the place of one is given.
first=$1
shift
exec "$@" "$((first + SLURM_ARRAY_TASK_ID))"
`;

/**
 * Tasks as job arrays of Slurm, which starts a task again whose node died.
 *
 * @see sbatch(1), squeue(1), scancel(1)
 */
export function slurm(options: SlurmOptions): Scheduler {
  return {
    submit: (submission, onSubmitted) => submit(submission, options, onSubmitted),
    places: (jobs) => places(jobs, options),
    end: (jobs) => end(jobs, options),
  };
}

async function submit(
  { count, jobs, command }: Submission,
  client: SlurmOptions,
  onSubmitted: (job: Job) => Promise<void>,
): Promise<void> {
  const { folder, options, program } = client;
  await mkdir(join(folder, 'slurm'), { recursive: true });
  const script = join(folder, 'slurm', 'task.sh');
  await writeFile(script, SCRIPT);
  for (const { first, count: size } of cutIntoArrays(count)) {
    const words = [
      '--parsable',
      '--requeue',
      `--array=0-${size - 1}${jobs === undefined ? '' : `%${jobs}`}`,
      '--job-name=keepset-fleet',
      `--output=${join(folder, 'slurm', '%A_%a.out')}`,
      `--chdir=${client.workingDirectory}`,
      ...options,
      script,
      String(first),
      ...program,
      ...command,
    ];
    const { failure, stdout, stderr } = await ask('sbatch', words, client);
    if (failure !== undefined) throw failed('sbatch', stderr, failure);
    // ID;CLUSTER
    const id = /^\d+/.exec(stdout)?.[0];
    if (id === undefined) throw failed('sbatch', stdout);
    await onSubmitted({ id, first, count: size });
  }
}

/** @example cutIntoArrays(2500) // three: from 0, from 1000, from 2000 */
export function cutIntoArrays(count: number): readonly { readonly first: number; readonly count: number }[] {
  return Array.from({ length: Math.ceil(count / ARRAY_TASKS_MAX) }, (_, index) => {
    const first = index * ARRAY_TASKS_MAX;
    return { first, count: Math.min(ARRAY_TASKS_MAX, count - first) };
  });
}

async function places(jobs: readonly Job[], client: SlurmOptions): Promise<readonly ScheduledPlace[]> {
  if (jobs.length === 0) return [];
  const ids = jobs.map(({ id }) => id).join(',');
  const words = ['--noheader', '--array', `--jobs=${ids}`, '--format=%F %K %T'];
  const { failure, stdout, stderr } = await ask('squeue', words, client);
  // It knows nothing any more of what ended minutes ago.
  if (failure !== undefined && !/invalid job id/i.test(stderr)) throw failed('squeue', stderr, failure);
  return parseQueue(stdout, jobs);
}

async function end(jobs: readonly Job[], client: SlurmOptions): Promise<readonly string[]> {
  if (jobs.length === 0) return [];
  const { failure, stderr } = await ask('scancel', ['-Q', ...jobs.map(({ id }) => id)], client);
  if (failure !== undefined && !/invalid job id/i.test(stderr)) throw failed('scancel', stderr, failure);
  return [];
}

/** @param text  of squeue: array, index and state a line */
export function parseQueue(text: string, jobs: readonly Job[]): readonly ScheduledPlace[] {
  const firsts = new Map(jobs.map(({ id, first }) => [id, first]));
  const places: ScheduledPlace[] = [];
  for (const line of text.split('\n')) {
    const [id = '', index = '', state = ''] = line.trim().split(/\s+/);
    const first = firsts.get(id);
    if (first === undefined || !/^\d+$/.test(index)) continue;
    places.push({ id, place: first + Number(index), state: QUEUED.has(state) ? 'queued' : 'running' });
  }
  return places;
}

/** @see squeue(1), "Job state codes" */
const QUEUED: ReadonlySet<string> = new Set([
  'PENDING',
  'CONFIGURING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'RESV_DEL_HOLD',
  'SPECIAL_EXIT',
]);

interface Answer {
  readonly failure: ExecFileException | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function ask(
  program: string,
  words: readonly string[],
  { environment, workingDirectory }: SlurmOptions,
): Promise<Answer> {
  return await new Promise((resolve) => {
    execFile(
      program,
      [...words],
      { cwd: workingDirectory, env: environment, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ failure: error ?? undefined, stdout, stderr }),
    );
  });
}

function failed(program: string, said: string, cause?: ExecFileException): FleetError {
  if (cause?.code === 'ENOENT')
    return new FleetError('FLEET_SCHEDULER_FAILED', `there is no ${program} here`, {
      hint: 'Submit from a machine that has the commands of Slurm.',
      cause,
    });
  const line = said.trim().split('\n').at(-1) ?? '';
  return new FleetError('FLEET_SCHEDULER_FAILED', line === '' ? `${program} failed` : line, { cause });
}
