import { FleetRecord, type Task } from '@keepset/fleet';

/**
 * The tasks of a fleet's last round that have a result.
 *
 * @param folder  of its record
 * @returns       undefined: there was no round
 * @throws FleetError FLEET_RECORD_INVALID
 */
export async function doneTasks(folder: string): Promise<readonly Task[] | undefined> {
  const record = new FleetRecord(folder);
  const round = record.rounds().at(-1);
  if (round === undefined) return undefined;
  const outcomes = record.outcomes().files;
  return (await record.tasksOf(round)).filter(({ key }) => outcomes.get(key)?.state === 'done');
}
