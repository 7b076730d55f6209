import type { FleetRecord, Round, Task, TaskStatus } from '@keepset/fleet';

/** A round that is written down. */
export interface BegunRound {
  readonly round: Round;
  readonly tasksFile: string;
  /** That are to be done, by their places. */
  readonly tasks: readonly Task[];
}

/**
 * @param toDo  of all
 * @param on    where it runs
 */
export async function beginRound(
  toDo: readonly TaskStatus[],
  all: readonly TaskStatus[],
  { record, on, again }: { readonly record: FleetRecord; readonly on: string; readonly again: boolean },
): Promise<BegunRound> {
  const wanted = new Set(toDo);
  const tasks = toDo.map(({ task }) => task);
  const others = all.filter((each) => !wanted.has(each)).map(({ task }) => task);
  const startedAt = new Date().toISOString();
  return { ...(await record.beginRound({ startedAt, on, again }, tasks, others)), tasks };
}
