import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { relative, resolve } from 'node:path';
import {
  FleetError,
  FleetRecord,
  isToDo,
  planTasks,
  type Round,
  type ScheduledPlace,
  type StatusFacts,
  type Task,
  type TaskStatus,
  taskStatuses,
} from '@keepset/fleet';
import picomatch from 'picomatch';
import type { FLEET } from '../../definitions/fleet.js';
import { imageFacts } from '../../images/image-facts.js';
import { FLEET_FILE, type FleetFile, readFleetFile } from '../../inputs/fleet/fleet-file.js';
import { fleetImages } from '../../inputs/fleet/fleet-images.js';
import { toWorkloads } from '../../inputs/fleet/to-workloads.js';
import { isSessionGone } from '../../inputs/session-folder.js';
import type { CommandLineOf } from '../../options/command-definition.js';
import { UsageError } from '../../options/usage-error.js';
import type { Console } from '../../terminal/console.js';
import { plainLine } from '../../terminal/plain-text.js';
import { VERSION } from '../../version.js';
import { isScheduler, openScheduler, SCHEDULERS, type SchedulerName } from './schedulers.js';

export type FleetOptions = CommandLineOf<typeof FLEET>['options'];

/** A fleet whose file was read. */
export interface OpenedFleet {
  readonly file: string;
  readonly fleet: FleetFile;
  readonly record: FleetRecord;
}

/** @throws UsageError */
export function openFleet(words: readonly string[], console: Console): OpenedFleet {
  const [file = FLEET_FILE, surplus] = words;
  if (surplus !== undefined) throw new UsageError(`unexpected argument '${surplus}'`);
  if (!existsSync(resolve(console.workingDirectory, file)))
    throw new UsageError(
      `there is no file ${plainLine(file)} here`,
      'It names the images and their runs; docs/guides/fleet.md shows one.',
    );
  const fleet = readFleetFile(file, console.workingDirectory);
  return { file, fleet, record: new FleetRecord(resolve(fleet.folder, fleet.record)) };
}

/**
 * The tasks of a fleet as its file says them now. The engine and registries are asked for the images.
 *
 * @throws UsageError, FleetError
 */
export async function planFleet({ fleet }: OpenedFleet, console: Console): Promise<readonly Task[]> {
  const images = await fleetImages(fleet, console);
  const labelled = images.filter(({ entry }) => entry.labels ?? fleet.runs.labels ?? false);
  const namesOf = (some: typeof images) => new Set(some.map(({ image }) => image));
  const facts = await imageFacts(namesOf(images), namesOf(labelled), console);
  const workloads = toWorkloads(images, fleet, facts, console);
  const digests = new Map([...facts].map(([image, { digest }]) => [image, digest]));
  return planTasks(workloads, { digests, version: VERSION });
}

/** @throws UsageError  a name is none of a task */
function onlyNamed(tasks: readonly Task[], patterns: readonly string[]): readonly Task[] {
  if (patterns.length === 0) return tasks;
  const matchers = patterns.map((pattern) => {
    const isMatch = picomatch(pattern);
    if (!tasks.some(({ name }) => isMatch(name)))
      throw new UsageError(`--only ${pattern}: there is no such task`, "'keepset fleet plan' lists them.");
    return isMatch;
  });
  return tasks.filter(({ name }) => matchers.some((isMatch) => isMatch(name)));
}

/**
 * The tasks of one of several that share them.
 *
 * @param part  3/10: of ten the third; undefined: all
 * @throws UsageError
 */
function partOf(tasks: readonly Task[], part: string | undefined): readonly Task[] {
  if (part === undefined) return tasks;
  const [, number = 0, count = 0] = (/^(\d{1,5})\/(\d{1,5})$/.exec(part) ?? []).map(Number);
  if (number < 1 || number > count)
    throw new UsageError(`--part ${part}: not a part`, 'Of ten, the third is --part 3/10.');
  return tasks.filter((_, index) => index % count === number - 1);
}

/** The tasks that the options name, of some. */
export function namedTasks(
  tasks: readonly Task[],
  { only, part }: Pick<FleetOptions, 'only' | 'part'>,
): readonly Task[] {
  return partOf(onlyNamed(tasks, only), part);
}

/**
 * Which of some tasks are to be done.
 *
 * @param options.named  which may be
 * @param options.again  also those that are done
 * @param options.goingOn  a round that goes on: what was done in it is done
 */
export function toDoOf(
  statuses: readonly TaskStatus[],
  {
    named,
    again,
    goingOn,
  }: { readonly named: readonly Task[]; readonly again: boolean; readonly goingOn?: Round | undefined },
): readonly TaskStatus[] {
  const wanted = new Set(named);
  return statuses.filter(({ task, state, outcome }) => {
    if (!wanted.has(task)) return false;
    return isToDo(state) || (again && state === 'done' && outcome?.round !== goingOn?.number);
  });
}

/**
 * The last round, and its tasks.
 *
 * @throws UsageError  nothing was run yet
 */
export async function lastRound({ record, file }: OpenedFleet): Promise<{
  readonly round: Round;
  readonly tasks: readonly Task[];
}> {
  const round = record.rounds().at(-1);
  if (round === undefined)
    throw new UsageError(`nothing of ${file} was run yet`, "'keepset fleet run' begins it.");
  return { round, tasks: await record.tasksOf(round) };
}

/** Where tasks stand, by the record, the processes of this machine, and what a scheduler says. */
export async function statusesOf(
  tasks: readonly Task[],
  opened: OpenedFleet,
  console: Console,
): Promise<readonly TaskStatus[]> {
  return taskStatuses(tasks, await statusFacts(opened, console));
}

/** By which is told where any tasks of a fleet stand now. */
export async function statusFacts(opened: OpenedFleet, console: Console): Promise<StatusFacts> {
  const { record, fleet } = opened;
  const outcomes = record.outcomes();
  const work = record.work();
  for (const file of [...outcomes.unreadable, ...work.unreadable])
    console.writeError(`keepset: passed over: ${plainLine(file)} is not what it should be\n`);
  const { scheduled, rounds } = await scheduledTasks(opened, console);
  const here = hostname();
  return {
    outcomes: outcomes.files,
    work: work.files,
    scheduled,
    isAtWork: ({ owner, machine, startedAt, round }) => {
      // Of another machine, or a container, its scheduler knows; and without one, a day is waited for.
      const on = rounds.get(round);
      if (on === 'swarm' || (on !== undefined && machine !== here)) return false;
      return !isSessionGone(owner, Date.now() - Date.parse(startedAt));
    },
    limits: fleet.limits,
  };
}

/** What schedulers still have, by keys, and who has told of which round. */
async function scheduledTasks(
  opened: OpenedFleet,
  console: Console,
): Promise<{
  readonly scheduled: ReadonlyMap<string, 'running' | 'queued'>;
  readonly rounds: ReadonlyMap<number, SchedulerName>;
}> {
  const scheduled = new Map<string, 'running' | 'queued'>();
  const rounds = new Map<number, SchedulerName>();
  for (const [name, given] of Map.groupBy(opened.record.rounds(), ({ on }) => on)) {
    if (!isScheduler(name)) continue;
    try {
      for (const [round, places] of await placesIn(name, given, opened, console)) {
        const tasks = await opened.record.tasksOf(round);
        for (const { place, state } of places) {
          const task = tasks[place];
          if (task !== undefined) scheduled.set(task.key, state);
        }
      }
      for (const { number } of given) rounds.set(number, name);
    } catch (error) {
      if (!(error instanceof FleetError)) throw error;
      console.writeError(`keepset: ${SCHEDULERS[name]} was not asked: ${plainLine(error.message)}\n`);
    }
  }
  return { scheduled, rounds };
}

/** Asked once, however many rounds it ever had. */
async function placesIn(
  name: SchedulerName,
  rounds: readonly Round[],
  opened: OpenedFleet,
  console: Console,
): Promise<ReadonlyMap<Round, readonly ScheduledPlace[]>> {
  const roundOf = new Map(rounds.flatMap((round) => round.jobs.map(({ id }) => [id, round] as const)));
  if (roundOf.size === 0) return new Map();
  await using scheduler = await openScheduler(name, opened, console);
  const places = await scheduler.places(rounds.flatMap(({ jobs }) => jobs));
  return Map.groupBy(
    places.filter(({ id }) => roundOf.has(id)),
    ({ id }) => roundOf.get(id) as Round,
  );
}

/** As one would type it, from where one is. */
export function fromHere(file: string, console: Pick<Console, 'workingDirectory'>): string {
  return relative(console.workingDirectory, file) || '.';
}
