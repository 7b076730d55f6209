import { type ExecFileException, execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FleetError } from '../fleet-error.js';
import type { Round } from '../record/outcome.js';

/** How tasks are given to Slurm. */
export interface SlurmSubmission {
  /** How many tasks there are. */
  readonly count: number;
  /** How many at a time; default: as many as Slurm lets. */
  readonly jobs?: number | undefined;
  /** Further options of sbatch: `-p long`, `--time=2:00:00`. */
  readonly options: readonly string[];
  /** What does one task; its place follows as the last word. */
  readonly command: readonly string[];
  /** Where the script and what tasks print lie. */
  readonly folder: string;
  readonly client: SlurmClient;
}

/** Who asks Slurm. */
export interface SlurmClient {
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
 * Submit tasks as job arrays. Slurm starts a task again whose node died.
 *
 * @param onSubmitted  called for each array, before the next is submitted
 * @throws FleetError FLEET_SCHEDULER_FAILED  with what sbatch says
 * @see sbatch(1)
 */
export async function submitToSlurm(
  { count, jobs, options, command, folder, client }: SlurmSubmission,
  onSubmitted: (job: Round['jobs'][number]) => Promise<void>,
): Promise<void> {
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

/**
 * Which places of a round Slurm still has.
 *
 * @throws FleetError FLEET_SCHEDULER_FAILED  it does not answer
 * @see squeue(1)
 */
export async function placesInSlurm(
  jobs: Round['jobs'],
  client: SlurmClient,
): Promise<ReadonlyMap<number, 'running' | 'queued'>> {
  if (jobs.length === 0) return new Map();
  const ids = jobs.map(({ id }) => id).join(',');
  const words = ['--noheader', '--array', `--jobs=${ids}`, '--format=%F %K %T'];
  const { failure, stdout, stderr } = await ask('squeue', words, client);
  // It knows nothing any more of what ended minutes ago.
  if (failure !== undefined && !/invalid job id/i.test(stderr)) throw failed('squeue', stderr, failure);
  return parseQueue(stdout, jobs);
}

/**
 * @param text  of squeue: array, index and state a line
 * @returns     by the places of the round
 */
export function parseQueue(text: string, jobs: Round['jobs']): ReadonlyMap<number, 'running' | 'queued'> {
  const firsts = new Map(jobs.map(({ id, first }) => [id, first]));
  const places = new Map<number, 'running' | 'queued'>();
  for (const line of text.split('\n')) {
    const [id = '', index = '', state = ''] = line.trim().split(/\s+/);
    const first = firsts.get(id);
    if (first === undefined || !/^\d+$/.test(index)) continue;
    places.set(first + Number(index), QUEUED.has(state) ? 'queued' : 'running');
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
  { environment, workingDirectory }: SlurmClient,
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
