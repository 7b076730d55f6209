import type { Task } from '../tasks/plan-tasks.js';
import type { Outcome, Round } from './outcome.js';

/** A round and all its tasks. */
export interface RoundTasks {
  readonly round: Pick<Round, 'number'>;
  readonly tasks: readonly Task[];
}

/** A task in two rounds. */
export interface ComparedTask {
  readonly name: string;
  /** How it had ended by then; undefined: it had not. Null: the round had no such task. */
  readonly before: Outcome | undefined | null;
  readonly after: Outcome | undefined | null;
}

/**
 * How each task had ended in one round and in another, by its name. Of a task that was done again in a later round as it was,
 * only how it ended then is known: before that, it had not ended.
 *
 * @param outcomes  by the keys of tasks
 * @returns         by name
 * @example compareRounds(first, second, outcomes).filter(({ before, after }) => before?.state !== after?.state)
 */
export function compareRounds(
  before: RoundTasks,
  after: RoundTasks,
  outcomes: ReadonlyMap<string, Outcome>,
): readonly ComparedTask[] {
  const endedIn = ({ round, tasks }: RoundTasks) =>
    new Map(
      tasks.map(({ name, key }) => {
        const outcome = outcomes.get(key);
        return [name, outcome !== undefined && outcome.round <= round.number ? outcome : undefined];
      }),
    );
  const [one, other] = [endedIn(before), endedIn(after)];
  const sideOf = (side: typeof one, name: string) => (side.has(name) ? side.get(name) : null);
  return [...new Set([...one.keys(), ...other.keys()])]
    .sort()
    .map((name) => ({ name, before: sideOf(one, name), after: sideOf(other, name) }));
}
