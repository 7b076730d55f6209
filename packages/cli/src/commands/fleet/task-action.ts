import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { doTask, type Outcome, placeInSwarm, readTask } from '@keepset/fleet';
import { findLeftFolders, ownerHere } from '../../inputs/session-folder.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { SIGNAL_STATUS } from '../../terminal/process-console.js';
import { outcomeLine } from './outcome-line.js';
import { ownProgram, runProgram } from './own-program.js';

/**
 * `keepset fleet task TASKS PLACE`: one task, as a scheduler calls it. A Swarm, which can only set variables, does without
 * PLACE; it would start what failed again, so there a task has ended well when the record says how it ended.
 *
 * @returns the exit status of its command
 */
export async function taskAction(
  [tasksFile, given, surplus]: readonly string[],
  console: Console,
): Promise<number> {
  const place = given ?? placeInSwarm(console.environment);
  if (tasksFile === undefined || place === undefined || surplus !== undefined || !/^\d{1,9}$/.test(place))
    throw new UsageError(
      'a task is named by a file of tasks and a place in it',
      "'keepset fleet task TASKS PLACE', with a place from 0.",
    );
  const { task, round, record } = await readTask(resolve(console.workingDirectory, tasksFile), Number(place));
  const { environment, workingDirectory, signal } = console;
  // What was killed on this machine is taken away by the next that comes.
  if (findLeftFolders(false).left.length > 0) await runProgram(['prune'], console);
  const worker = {
    ...{ program: ownProgram(), environment, workingDirectory, signal },
    ...{ owner: ownerHere(), machine: hostname() },
  };
  const outcome = await doTask(record, task, round, worker);
  if (outcome === undefined) return SIGNAL_STATUS[signal.reason as keyof typeof SIGNAL_STATUS];
  console.writeError(outcomeLine(outcome));
  return given === undefined ? 0 : statusOf(outcome);
}

/** A signal is no status of its own. */
function statusOf({ exitStatus }: Outcome): number {
  return exitStatus >= 0 && exitStatus < 256 ? exitStatus : 1;
}
