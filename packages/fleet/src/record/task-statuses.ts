import type { Task } from '../tasks/plan-tasks.js';
import type { Outcome, Work } from './outcome.js';

/**
 * - `done`, `failed`, `refused`: as it ended.
 * - `running`: somebody does it. `queued`: a scheduler has it.
 * - `lost`: somebody began it, and is gone.
 * - `waiting`: nobody began it.
 */
export type TaskState = Outcome['state'] | 'running' | 'queued' | 'lost' | 'waiting';

/** In the order of tables. */
export const TASK_STATES: readonly TaskState[] = [
  'done',
  'refused',
  'failed',
  'running',
  'queued',
  'lost',
  'waiting',
];

/** A task and where it stands. */
export interface TaskStatus {
  readonly task: Task;
  readonly state: TaskState;
  /** How it ended last; also of one that is done again. */
  readonly outcome: Outcome | undefined;
  /** What the policies say against its result. */
  readonly exceeds: readonly string[];
}

/** When a result is worse than it may be. */
export interface Limits {
  readonly sizeBytesMax?: number;
  /** Of result and source: 0.3 */
  readonly shareMax?: number;
  /** Whether a result must be verified as a whole. */
  readonly verified?: boolean;
}

/** What is known of tasks. */
export interface StatusFacts {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly work: ReadonlyMap<string, Work>;
  /** Keys of tasks that a scheduler has, and whether they run. */
  readonly scheduled: ReadonlyMap<string, 'running' | 'queued'>;
  /** Whether who began something still does it. */
  readonly isAtWork: (work: Work) => boolean;
  readonly limits?: Limits;
}

/**
 * Where each task stands, by what is known of it.
 *
 * @example taskStatuses(tasks, facts).filter(({ state }) => isToDo(state)) // what a round has to do
 */
export function taskStatuses(
  tasks: readonly Task[],
  { outcomes, work, scheduled, isAtWork, limits = {} }: StatusFacts,
): readonly TaskStatus[] {
  return tasks.map((task) => {
    const outcome = outcomes.get(task.key);
    const begun = work.get(task.key);
    const ongoing =
      scheduled.get(task.key) ?? (begun !== undefined && isAtWork(begun) ? 'running' : undefined);
    const ended = outcome?.state ?? (begun === undefined ? 'waiting' : 'lost');
    return { task, outcome, state: ongoing ?? ended, exceeds: exceeded(outcome, limits) };
  });
}

/** Whether a round has to do it. */
export function isToDo(state: TaskState): boolean {
  return state !== 'done' && state !== 'running' && state !== 'queued';
}

function exceeded({ result }: Partial<Outcome> = {}, limits: Limits): readonly string[] {
  if (result === undefined) return [];
  const { sizeBytesMax = Number.POSITIVE_INFINITY, shareMax = Number.POSITIVE_INFINITY, verified } = limits;
  return [
    ...(result.sizeBytes > sizeBytesMax ? ['size'] : []),
    ...(result.sizeBytes > shareMax * result.sourceBytes ? ['share'] : []),
    ...(verified === true && result.verdict !== 'verified' ? ['verdict'] : []),
  ];
}

/** Tasks that did not come to a result, for one reason. */
export interface Cause {
  /** Stable. */
  readonly code: string;
  /** As the first of them said it. */
  readonly message: string;
  readonly hint: string | undefined;
  readonly names: readonly string[];
}

/** Why tasks failed or were refused, the most frequent first. */
export function causesOf(statuses: readonly TaskStatus[]): readonly Cause[] {
  const causes = new Map<
    string,
    { code: string; message: string; hint: string | undefined; names: string[] }
  >();
  for (const { task, state, outcome } of statuses) {
    const { error } = outcome ?? {};
    if (error === undefined || (state !== 'failed' && state !== 'refused')) continue;
    const known = causes.get(error.code);
    if (known === undefined) causes.set(error.code, { ...error, hint: error.hint, names: [task.name] });
    else known.names.push(task.name);
  }
  return [...causes.values()].sort(
    (one, other) => other.names.length - one.names.length || (one.code < other.code ? -1 : 1),
  );
}

/** How many tasks are in each state, and what those that are done come to. */
export interface FleetSums {
  readonly states: Readonly<Record<TaskState, number>>;
  readonly tasks: number;
  readonly sourceBytes: number;
  readonly resultBytes: number;
}

/**
 * How many tasks stand where, and what their results come to.
 *
 * @example sumStatuses(statuses).states.done // how many are done
 */
export function sumStatuses(statuses: readonly TaskStatus[]): FleetSums {
  const states = Object.fromEntries(TASK_STATES.map((state) => [state, 0])) as Record<TaskState, number>;
  let [sourceBytes, resultBytes] = [0, 0];
  for (const { state, outcome } of statuses) {
    states[state]++;
    if (state !== 'done') continue;
    sourceBytes += outcome?.result?.sourceBytes ?? 0;
    resultBytes += outcome?.result?.sizeBytes ?? 0;
  }
  return { states, tasks: statuses.length, sourceBytes, resultBytes };
}
