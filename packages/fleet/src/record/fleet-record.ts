import { randomUUID } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { FleetError } from '../fleet-error.js';
import type { Task } from '../tasks/plan-tasks.js';
import {
  type Outcome,
  parseOutcome,
  parseRound,
  parseTask,
  parseWork,
  type Round,
  type Work,
} from './outcome.js';

const TASKS_NAME = 'tasks.ndjson';
const ROUND_NAME = 'round.json';

/** Files of a kind, by the keys of their tasks, and how many of them nobody can read. */
export interface ReadFiles<T> {
  readonly files: ReadonlyMap<string, T>;
  readonly unreadable: readonly string[];
}

/** What a round is before it has a number. */
export type NewRound = Omit<Round, 'number' | 'jobs' | 'toDo'>;

/**
 * The record of a fleet: a folder of files that any number of processes read and write, on this machine and others.
 *
 * | file | is |
 * | --- | --- |
 * | `outcomes/KEY.json` | how the task of this key ended last |
 * | `work/KEY.json` | there while somebody does it |
 * | `logs/KEY.log` | what it said, the last time |
 * | `rounds/N/round.json`, `rounds/N/tasks.ndjson` | what was to be done, and by whom |
 *
 * Each is written beside its place and then gets its name, so that nobody ever reads half of one.
 */
export class FleetRecord {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** How tasks ended, by their keys. */
  outcomes(): ReadFiles<Outcome> {
    return this.#readAll('outcomes', parseOutcome);
  }

  async outcome(key: string): Promise<Outcome | undefined> {
    return await readAs(join(this.folder, 'outcomes', `${key}.json`), parseOutcome);
  }

  async writeOutcome(outcome: Outcome): Promise<void> {
    await writeWhole(join(this.folder, 'outcomes', `${outcome.key}.json`), outcome);
  }

  /** What somebody began and has not ended, by keys. */
  work(): ReadFiles<Work> {
    return this.#readAll('work', parseWork);
  }

  async beginWork(key: string, work: Work): Promise<void> {
    await writeWhole(join(this.folder, 'work', `${key}.json`), work);
  }

  /** @param owner  whose it is: that of another stays */
  async endWork(key: string, owner: string): Promise<void> {
    const file = join(this.folder, 'work', `${key}.json`);
    const found = await readAs(file, parseWork);
    if (found === undefined || found.owner === owner) await rm(file, { force: true });
  }

  /** Where what a task says is written; its folder is there. */
  async logFile(key: string): Promise<string> {
    await mkdir(join(this.folder, 'logs'), { recursive: true });
    return join(this.folder, 'logs', `${key}.log`);
  }

  /** All rounds, the first one first. */
  rounds(): readonly Round[] {
    return namesIn(join(this.folder, 'rounds'))
      .flatMap((name) => {
        const text = textOf(join(this.folder, 'rounds', name, ROUND_NAME));
        return (text === undefined ? undefined : parseRound(text)) ?? [];
      })
      .sort((one, other) => one.number - other.number);
  }

  /**
   * @param toDo    the tasks that are to be done, by their places
   * @param others  of the fleet, which are done
   * @returns       the round, and the file of its tasks
   */
  async beginRound(
    round: NewRound,
    toDo: readonly Task[],
    others: readonly Task[],
  ): Promise<{ readonly round: Round; readonly tasksFile: string }> {
    await mkdir(join(this.folder, 'rounds'), { recursive: true });
    for (let number = (this.rounds().at(-1)?.number ?? 0) + 1; ; number++) {
      const folder = join(this.folder, 'rounds', `${number}`);
      try {
        await mkdir(folder);
      } catch (error) {
        // Somebody else began it at the same time.
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
        throw error;
      }
      const tasksFile = this.tasksFile({ number });
      await writeFile(tasksFile, [...toDo, ...others].map((task) => `${JSON.stringify(task)}\n`).join(''));
      const begun = { ...round, number, toDo: toDo.length, jobs: [] };
      await this.writeRound(begun);
      return { round: begun, tasksFile };
    }
  }

  /** Where the tasks of a round stand, one a line. */
  tasksFile({ number }: Pick<Round, 'number'>): string {
    return join(this.folder, 'rounds', `${number}`, TASKS_NAME);
  }

  async writeRound(round: Round): Promise<void> {
    await writeWhole(join(this.folder, 'rounds', `${round.number}`, ROUND_NAME), round);
  }

  /** All tasks that there were in a round; those that were to be done come first. */
  async tasksOf({ number }: Pick<Round, 'number'>): Promise<readonly Task[]> {
    return await Array.fromAsync(readTasks(this.tasksFile({ number })));
  }

  #readAll<T>(kind: string, parse: (text: string) => T | undefined): ReadFiles<T> {
    const files = new Map<string, T>();
    const unreadable: string[] = [];
    for (const name of namesIn(join(this.folder, kind))) {
      if (!name.endsWith('.json')) continue;
      const file = join(this.folder, kind, name);
      const text = textOf(file);
      // It was there a moment ago: its task has ended.
      if (text === undefined) continue;
      const value = parse(text);
      if (value === undefined) unreadable.push(file);
      else files.set(name.slice(0, -'.json'.length), value);
    }
    return { files, unreadable };
  }
}

/**
 * One task of a round, with the round and the record that it is of.
 *
 * @param tasksFile  as `FleetRecord.tasksFile` gives it
 * @param place      in it, from 0
 * @throws FleetError FLEET_RECORD_INVALID
 */
export async function readTask(
  tasksFile: string,
  place: number,
): Promise<{ readonly task: Task; readonly round: Round; readonly record: FleetRecord }> {
  const round = await readAs(join(dirname(tasksFile), ROUND_NAME), parseRound);
  if (round === undefined)
    throw new FleetError('FLEET_RECORD_INVALID', `${tasksFile} is not the file of a round's tasks`);
  const record = new FleetRecord(join(dirname(tasksFile), '../..'));
  let at = 0;
  for await (const task of readTasks(tasksFile)) if (at++ === place) return { task, round, record };
  throw new FleetError('FLEET_RECORD_INVALID', `${tasksFile} has no task at place ${place}: it has ${at}`);
}

async function* readTasks(tasksFile: string): AsyncGenerator<Task> {
  let line = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(tasksFile), crlfDelay: Infinity })) {
      line++;
      const task = parseTask(text);
      if (task === undefined)
        throw new FleetError('FLEET_RECORD_INVALID', `${tasksFile}:${line}: this is no task`, {
          hint: 'Plan the fleet again: a new round has a new file.',
        });
      yield task;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof FleetError) throw error;
    throw new FleetError('FLEET_RECORD_INVALID', `cannot read ${tasksFile} (${code})`, { cause: error });
  }
}

async function readAs<T>(file: string, parse: (text: string) => T | undefined): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parse(text);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Under its name it is whole, or not there; of two at once, one stays. */
async function writeWhole(file: string, value: object): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await writeFile(partial, `${JSON.stringify(value, null, 2)}\n`);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
