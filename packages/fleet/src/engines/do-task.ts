import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { FleetRecord } from '../record/fleet-record.js';
import type { Outcome, Round } from '../record/outcome.js';
import { type EndedCommand, toOutcome } from '../record/to-outcome.js';
import type { Task } from '../tasks/plan-tasks.js';
import { runChild } from './run-child.js';

/** Who does tasks, and how. */
export interface Worker {
  /** The program and its first words: those of the task follow. */
  readonly program: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** From which the files of commands are named. */
  readonly workingDirectory: string;
  /** Aborted, with the name of a signal as its reason: the command gets it, and is waited for. */
  readonly signal: AbortSignal;
  /** This process, as one word. */
  readonly owner: string;
  /** The name of this machine. */
  readonly machine: string;
}

/**
 * Do one task: run its command, and write down how it ended.
 *
 * What is done is not done again: two that do the same task do no harm, since what they make has the same digest and gets
 * its name last, and so do their records.
 *
 * @returns undefined where somebody interrupted it: then it is as if it had not been begun
 */
export async function doTask(
  record: FleetRecord,
  task: Task,
  { number: round, again }: Pick<Round, 'number' | 'again'>,
  worker: Worker,
): Promise<Outcome | undefined> {
  const before = await record.outcome(task.key);
  if (before?.state === 'done' && !(again && before.round !== round)) return before;
  const { owner, machine, workingDirectory } = worker;
  const started = new Date();
  const startedAt = started.toISOString();
  await record.beginWork(task.key, { owner, machine, startedAt, round });
  try {
    for (const folder of task.folders) await mkdir(resolve(workingDirectory, folder), { recursive: true });
    const ended = await runCommand(task, await record.logFile(task.key), worker);
    if (worker.signal.aborted) return undefined;
    const seconds = (Date.now() - started.getTime()) / 1000;
    const outcome = toOutcome(task, ended, { round, startedAt, seconds, machine });
    await record.writeOutcome(outcome);
    return outcome;
  } finally {
    await record.endWork(task.key, owner);
  }
}

async function runCommand(
  { command }: Task,
  logFile: string,
  { program: [program, ...first], ...options }: Worker,
): Promise<EndedCommand> {
  const log = createWriteStream(logFile);
  // A log that cannot be written is no reason to lose a result.
  log.on('error', () => {});
  try {
    const onStderr = (text: string) => log.write(text);
    return await runChild([program, ...first, ...command], { ...options, onStderr });
  } finally {
    await finished(log.end()).catch(() => {});
  }
}
