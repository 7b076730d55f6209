import { FleetError, forEach, type Outcome, type Round, runChild, type Task } from '@keepset/fleet';
import { findLeftFolders } from '../../inputs/session-folder.js';
import type { Console } from '../../terminal/console.js';
import { formatCount } from '../../terminal/format-count.js';
import { type BegunRound, beginRound } from './begin-round.js';
import {
  type FleetOptions,
  fromHere,
  lastRound,
  namedTasks,
  type OpenedFleet,
  openFleet,
  planFleet,
  statusesOf,
  toDoOf,
} from './open-fleet.js';
import { outcomeLine } from './outcome-line.js';
import { ownProgram, runProgram } from './own-program.js';
import {
  isScheduler,
  makeSharedFolders,
  openScheduler,
  removeEnded,
  SCHEDULERS,
  type SchedulerName,
} from './schedulers.js';
import { exitStatusOf, followStatus, printStatus } from './status-action.js';

/** `keepset fleet run` and `keepset fleet resume`. */
export async function runAction(
  action: 'run' | 'resume',
  words: readonly string[],
  options: FleetOptions,
  console: Console,
): Promise<number> {
  const opened = openFleet(words, console);
  const before = action === 'resume' ? await lastRound(opened) : undefined;
  const tasks = before?.tasks ?? (await planFleet(opened, console));
  // What a round left alone is left alone where it goes on.
  const begun = before === undefined ? tasks : tasks.slice(0, before.round.toDo);
  return await runRound(
    opened,
    { tasks, named: namedTasks(begun, options), before: before?.round, options },
    console,
  );
}

/** What a round is to be of. */
interface WantedRound {
  /** Of the whole fleet. */
  readonly tasks: readonly Task[];
  /** Those of them that may be done. */
  readonly named: readonly Task[];
  /** That goes on. */
  readonly before?: Round | undefined;
  readonly options: FleetOptions;
}

/** Do what is to be done of some tasks, here or on a scheduler, and say how they stand. @returns the exit status */
export async function runRound(
  opened: OpenedFleet,
  { tasks, named, before, options }: WantedRound,
  console: Console,
): Promise<number> {
  const again = options.again === true || before?.again === true;
  const statuses = await statusesOf(tasks, opened, console);
  const toDo = toDoOf(statuses, { named, again, goingOn: before });
  if (toDo.length > 0) {
    const on = options.on ?? before?.on ?? 'local';
    const round = await beginRound(toDo, statuses, { record: opened.record, on, again });
    const given = { ...round, opened, options };
    await removeEnded(opened, console);
    if (isScheduler(on)) await submit(on, given, console);
    else await doHere(given, console);
    if (isScheduler(on) && options.follow !== true) return 0;
  }
  if (options.follow === true) {
    await followStatus(named, opened, console);
    await removeEnded(opened, console);
  }
  const after = await statusesOf(named, opened, console);
  await printStatus(after, options, console);
  return exitStatusOf(after);
}

interface Given extends BegunRound {
  readonly opened: OpenedFleet;
  readonly options: FleetOptions;
}

/** Each task is a process of its own, which goes on where this one is killed. */
async function doHere({ opened, tasks, tasksFile, options }: Given, console: Console): Promise<void> {
  const { fleet, record } = opened;
  const jobs = options.jobs ?? fleet.jobs ?? 1;
  const { signal, environment } = console;
  const client = { environment, workingDirectory: fleet.folder };
  await forEach(tasks.entries(), jobs, async ([place, task]) => {
    if (signal.aborted) return;
    const command = [...ownProgram(), 'fleet', 'task', tasksFile, String(place)] as const;
    const { stderr: said } = await runChild(command, { ...client, signal, detached: true });
    const outcome = await record.outcome(task.key);
    if (outcome === undefined) console.writeError(said);
    else if (isWorthALine(outcome, options)) console.writeError(outcomeLine(outcome));
  });
  if (findLeftFolders(false).left.length > 0) await runProgram(['prune'], console);
  if (signal.aborted) throw new FleetError('FLEET_SCHEDULER_FAILED', 'interrupted');
}

function isWorthALine({ state }: Outcome, { quiet, json }: FleetOptions): boolean {
  return json !== true && (quiet !== true || state !== 'done');
}

async function submit(
  on: SchedulerName,
  { opened, tasks, tasksFile, round, options }: Given,
  console: Console,
): Promise<void> {
  const { fleet, record } = opened;
  const isSilent = options.quiet === true || options.json === true;
  let current = round;
  await makeSharedFolders(opened);
  await using scheduler = await openScheduler(on, opened, console);
  await scheduler.submit(
    {
      count: tasks.length,
      jobs: options.jobs ?? fleet.jobs,
      command: ['fleet', 'task', tasksFile],
    },
    async (job) => {
      // Written before the next is submitted: what is in the queue is known, whatever happens here.
      current = { ...current, jobs: [...current.jobs, job] };
      await record.writeRound(current);
      if (!isSilent)
        console.writeError(`keepset: ${SCHEDULERS[on]} has ${formatCount(job.count)} tasks, as ${job.id}\n`);
    },
  );
  if (!isSilent && options.follow !== true)
    console.writeError(
      `keepset: 'keepset fleet status ${fromHere(opened.file, console)}' says where they stand\n`,
    );
}
