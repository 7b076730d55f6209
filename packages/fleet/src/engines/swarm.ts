import { FleetError } from '../fleet-error.js';
import type { Job, ScheduledPlace, Scheduler, Submission } from './scheduler.js';

/** The containers that a Swarm is asked for. */
export interface SwarmContainers {
  readonly image: string;
  /** Words for the image's ENTRYPOINT. */
  readonly args: readonly string[];
  /** NAME=value */
  readonly variables: readonly string[];
  readonly workingDirectory: string;
  /** Of the nodes, at the same place in containers. */
  readonly mounts: readonly string[];
  readonly constraints: readonly string[];
  readonly count: number;
  /** How many at a time. */
  readonly concurrent: number;
  /** How often one is started again that ends with another status than 0. */
  readonly restartsMax: number;
  /** Between the stop signal and SIGKILL. */
  readonly graceSeconds: number;
}

/** A container that a Swarm has, or had. */
export interface SwarmContainer {
  readonly slot: number;
  readonly state: string;
  readonly createdAt: string;
  /** Why it failed. */
  readonly message: string | undefined;
}

/**
 * What is asked of a manager of a Swarm: an `Engine` of @keepset/docker-engine does it. An error with the code INTERRUPTED is
 * no failure of the Swarm, and is passed on as it is.
 */
export interface SwarmEngine {
  /** @returns the id of the job */
  startSwarmJob(job: SwarmContainers): Promise<string>;
  /** Undefined: there is no such job. Containers that wait for their turn may be left out. */
  listSwarmTasks(id: string): Promise<readonly SwarmContainer[] | undefined>;
  removeSwarmJob(id: string): Promise<void>;
}

/** Who asks a Swarm, and how tasks are given to it. */
export interface SwarmOptions
  extends Pick<SwarmContainers, 'image' | 'mounts' | 'constraints' | 'variables' | 'workingDirectory'> {
  readonly engine: SwarmEngine;
}

/** By which a task of a Swarm is told its place. */
const PLACE_VARIABLE = 'KEEPSET_PLACE';

/**
 * The place of the task that a container of a Swarm is to do.
 *
 * @returns undefined: nobody says, or it is none
 * @example placeInSwarm({ KEEPSET_PLACE: '7' }) // '7'
 */
export function placeInSwarm(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const said = environment[PLACE_VARIABLE] ?? '';
  if (/^\d{1,9}$/.test(said)) return said;
  // For a slot of 0, Swarm puts the id of the node in.
  return /^[a-z0-9]{25}$/.test(said) ? '0' : undefined;
}

const ENGINE_SOCKET = '/var/run/docker.sock';
/** A node may die more than once; a task that fails has an outcome, and is not started again. */
const RESTARTS_MAX = 3;
/** What a task started is removed within it. */
const GRACE_SECONDS = 60;

/**
 * Tasks as a replicated job of Docker's Swarm: containers of keepset's image, which work at the engine of their node. It
 * starts a task again whose node died.
 *
 * @see docker service create, "Running as a job"
 */
export function swarm({ engine, mounts, variables, ...options }: SwarmOptions): Scheduler {
  return {
    async submit({ count, jobs = 1, command }: Submission, onSubmitted) {
      const id = await orFailed(() =>
        engine.startSwarmJob({
          ...options,
          args: command,
          mounts: [ENGINE_SOCKET, ...mounts],
          variables: [...variables, `${PLACE_VARIABLE}={{.Task.Slot}}`],
          count,
          concurrent: Math.min(jobs, count),
          restartsMax: RESTARTS_MAX,
          graceSeconds: GRACE_SECONDS,
        }),
      );
      await onSubmitted({ id, first: 0, count });
    },
    async places(jobs) {
      const places: ScheduledPlace[] = [];
      for (const job of jobs) {
        const tasks = await orFailed(() => engine.listSwarmTasks(job.id));
        if (tasks !== undefined) places.push(...placesOf(job, tasks));
      }
      return places;
    },
    async end(jobs) {
      const reasons = new Set<string>();
      for (const { id } of jobs) {
        const tasks = (await orFailed(() => engine.listSwarmTasks(id))) ?? [];
        for (const tried of Map.groupBy(tasks, ({ slot }) => slot).values())
          if (isGivenUp(tried)) for (const { message } of tried) if (message) reasons.add(message);
        await orFailed(() => engine.removeSwarmJob(id));
      }
      return [...reasons];
    },
  };
}

/** @see docker service ps: what ends of a slot is followed by another, unless it ended well */
const RUNNING: ReadonlySet<string> = new Set(['preparing', 'starting', 'running']);
const FAILED: ReadonlySet<string> = new Set(['failed', 'rejected', 'shutdown', 'orphaned', 'remove']);

/**
 * Of each slot the latest counts. One that has none waits for its turn, and so does one whose last one failed. Swarm never
 * gives up, whatever its restart policy says: what failed too often is not waited for.
 */
function placesOf({ id, first, count }: Job, tasks: readonly SwarmContainer[]): readonly ScheduledPlace[] {
  const bySlot = Map.groupBy(tasks, ({ slot }) => slot);
  return Array.from({ length: count }, (_, slot) => slot).flatMap((slot): ScheduledPlace[] => {
    const tried = bySlot.get(slot) ?? [];
    if (isGivenUp(tried) || tried.some(({ state }) => state === 'complete')) return [];
    const last = tried.toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1)).at(-1);
    return [{ id, place: first + slot, state: RUNNING.has(last?.state ?? '') ? 'running' : 'queued' }];
  });
}

/** @param tried  containers of one slot */
function isGivenUp(tried: readonly SwarmContainer[]): boolean {
  const isDone = tried.some(({ state }) => state === 'complete');
  return !isDone && tried.filter(({ state }) => FAILED.has(state)).length > RESTARTS_MAX;
}

/** @throws FleetError FLEET_SCHEDULER_FAILED  with what the engine says; an interruption as it is */
async function orFailed<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { message, hint, code } = error as Error & { readonly hint?: string; readonly code?: unknown };
    if (code === 'INTERRUPTED') throw error;
    throw new FleetError('FLEET_SCHEDULER_FAILED', message, {
      cause: error,
      ...(hint !== undefined && { hint }),
    });
  }
}
