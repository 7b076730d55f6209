import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EngineError } from '@keepset/docker-engine';
import { FleetError, type Scheduler, slurm, swarm } from '@keepset/fleet';
import { engineOf } from '../../inputs/engine-of.js';
import type { FleetFile } from '../../inputs/fleet/fleet-file.js';
import { isBelow } from '../../inputs/fleet/is-below.js';
import type { Console } from '../../terminal/console.js';
import { plainLine } from '../../terminal/plain-text.js';
import type { OpenedFleet } from './open-fleet.js';
import { OWN_IMAGE, ownProgram } from './own-program.js';

/** Who tasks can be given to, by the word of --on. */
export const SCHEDULERS = { slurm: 'Slurm', swarm: 'Swarm' } as const;

export type SchedulerName = keyof typeof SCHEDULERS;

/** @example isScheduler('local') // false */
export function isScheduler(on: string): on is SchedulerName {
  return Object.hasOwn(SCHEDULERS, on);
}

/**
 * Whoever asks it closes it.
 *
 * @throws FleetError FLEET_SCHEDULER_FAILED  there is no engine to ask for a Swarm
 * @throws EngineError INTERRUPTED
 */
export async function openScheduler(
  name: SchedulerName,
  { fleet, record }: Pick<OpenedFleet, 'fleet' | 'record'>,
  console: Console,
): Promise<Scheduler & AsyncDisposable> {
  const { folder } = fleet;
  if (name === 'slurm') {
    const { environment } = console;
    const options = { program: ownProgram(), options: fleet.slurmOptions, environment };
    return {
      ...slurm({ ...options, folder: record.folder, workingDirectory: folder }),
      async [Symbol.asyncDispose]() {},
    };
  }
  const engine = await engineOf(console).catch(asOfScheduler);
  const { image = OWN_IMAGE, constraints = [], environment = {} } = fleet.swarm;
  const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  return {
    ...swarm({
      ...{ engine, image, constraints, variables, workingDirectory: folder },
      mounts: sharedFolders(fleet, record.folder),
    }),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

/** Who asks a scheduler goes on without one that does not answer; nobody goes on who was interrupted. */
function asOfScheduler(error: unknown): never {
  if (!(error instanceof EngineError) || error.code === 'INTERRUPTED') throw error;
  const { message, hint } = error;
  throw new FleetError('FLEET_SCHEDULER_FAILED', message, {
    cause: error,
    ...(hint !== undefined && { hint }),
  });
}

/** That tasks write to, and those that the file names: what lies in another of them is there with it. */
function sharedFolders(
  { folder, results, swarm: { mounts = [] } }: FleetFile,
  record: string,
): readonly string[] {
  const { manifests = '.', archives = '.' } = results;
  const all = [folder, record, ...[manifests, archives, ...mounts].map((place) => resolve(folder, place))];
  const sorted = [...new Set(all)].sort();
  return sorted.filter((place) => !sorted.some((other) => other !== place && isBelow(place, other)));
}

/** A folder that containers share must be there before them. */
export async function makeSharedFolders({
  fleet,
  record,
}: Pick<OpenedFleet, 'fleet' | 'record'>): Promise<void> {
  for (const place of sharedFolders(fleet, record.folder)) await mkdir(place, { recursive: true });
}

/** A Swarm keeps what has ended until somebody removes it. */
export async function removeEnded(
  opened: Pick<OpenedFleet, 'fleet' | 'record'>,
  console: Console,
): Promise<void> {
  const { record } = opened;
  const kept = record.rounds().filter(({ on, jobs }) => on === 'swarm' && jobs.length > 0);
  if (kept.length === 0) return;
  try {
    await using scheduler = await openScheduler('swarm', opened, console);
    for (const round of kept) {
      if ((await scheduler.places(round.jobs)).length > 0) continue;
      for (const reason of await scheduler.end(round.jobs))
        console.writeError(`keepset: the Swarm could not begin some: ${plainLine(reason)}\n`);
      await record.writeRound({ ...round, jobs: [] });
    }
  } catch (error) {
    // Nobody is in the way of what does not answer.
    if (!(error instanceof FleetError)) throw error;
    console.writeError(`keepset: ended jobs stay with the Swarm: ${plainLine(error.message)}\n`);
  }
}
