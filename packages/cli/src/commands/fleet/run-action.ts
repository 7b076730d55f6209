import {
  FleetError,
  forEach,
  isToDo,
  type Outcome,
  type Round,
  submitToSlurm,
  type Task,
  type TaskStatus,
} from '@keepset/fleet';
import { findLeftFolders } from '../../inputs/session-folder.js';
import type { Console } from '../../terminal/console.js';
import { formatCount } from '../../terminal/format-count.js';
import {
  type FleetOptions,
  fromHere,
  lastRound,
  type OpenedFleet,
  onlyNamed,
  openFleet,
  planFleet,
  statusesOf,
} from './open-fleet.js';
import { outcomeLine } from './outcome-line.js';
import { ownProgram, runProgram } from './own-program.js';
import { startTask } from './start-task.js';
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
  const again = options.again === true;
  // What a round left alone is left alone where it goes on.
  const wanted = new Set(
    onlyNamed(before === undefined ? tasks : tasks.slice(0, before.round.toDo), options.only),
  );
  const statuses = await statusesOf(tasks, opened, console);
  const toDo = statuses.filter(
    ({ task, state }) => wanted.has(task) && (isToDo(state) || (again && state === 'done')),
  );
  if (toDo.length > 0) {
    const on = options.on ?? before?.round.on ?? 'local';
    const begun = await begin(toDo, statuses, { opened, on, again });
    const given = { ...begun, opened, options };
    if (on === 'slurm') await submit(given, console);
    else await doHere(given, console);
    if (on === 'slurm' && options.follow !== true) return 0;
  }
  const shown = [...wanted];
  if (options.follow === true) await followStatus(shown, opened, console);
  const after = await statusesOf(shown, opened, console);
  await printStatus(after, options, console);
  return exitStatusOf(after);
}

async function begin(
  toDo: readonly TaskStatus[],
  all: readonly TaskStatus[],
  { opened, on, again }: { readonly opened: OpenedFleet; readonly on: string; readonly again: boolean },
): Promise<Begun> {
  const wanted = new Set(toDo);
  const tasks = toDo.map(({ task }) => task);
  const others = all.filter((each) => !wanted.has(each)).map(({ task }) => task);
  const startedAt = new Date().toISOString();
  const { round, tasksFile } = await opened.record.beginRound({ startedAt, on, again }, tasks, others);
  return { round, tasksFile, tasks };
}

interface Begun {
  readonly round: Round;
  readonly tasksFile: string;
  readonly tasks: readonly Task[];
}

interface Given extends Begun {
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
    await startTask(command, { ...client, signal });
    const outcome = await record.outcome(task.key);
    if (outcome !== undefined && isWorthALine(outcome, options)) console.writeError(outcomeLine(outcome));
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
