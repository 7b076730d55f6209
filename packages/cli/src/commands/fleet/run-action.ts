import { FleetError, forEach, type Outcome, runChild, submitToSlurm } from '@keepset/fleet';
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
  const again = options.again === true || before?.round.again === true;
  // What a round left alone is left alone where it goes on.
  const begun = before === undefined ? tasks : tasks.slice(0, before.round.toDo);
  const named = namedTasks(begun, options);
  const statuses = await statusesOf(tasks, opened, console);
  const toDo = toDoOf(statuses, { named, again, goingOn: before?.round });
  if (toDo.length > 0) {
    const on = options.on ?? before?.round.on ?? 'local';
    const round = await beginRound(toDo, statuses, { record: opened.record, on, again });
    const given = { ...round, opened, options };
    if (on === 'slurm') await submit(given, console);
    else await doHere(given, console);
    if (on === 'slurm' && options.follow !== true) return 0;
  }
  if (options.follow === true) await followStatus(named, opened, console);
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

async function submit({ opened, tasks, tasksFile, round, options }: Given, console: Console): Promise<void> {
  const { fleet, record } = opened;
  let current = round;
  await submitToSlurm(
    {
      count: tasks.length,
      jobs: options.jobs ?? fleet.jobs,
      options: fleet.slurmOptions,
      command: [...ownProgram(), 'fleet', 'task', tasksFile],
      folder: record.folder,
      client: { environment: console.environment, workingDirectory: fleet.folder },
    },
    async (job) => {
      // Written before the next is submitted: what is in the queue is known, whatever happens here.
      current = { ...current, jobs: [...current.jobs, job] };
      await record.writeRound(current);
      if (options.quiet !== true && options.json !== true)
        console.writeError(`keepset: Slurm has ${formatCount(job.count)} tasks, as array ${job.id}\n`);
    },
  );
  if (options.quiet !== true && options.json !== true && options.follow !== true)
    console.writeError(
      `keepset: 'keepset fleet status ${fromHere(opened.file, console)}' says where they stand\n`,
    );
}
