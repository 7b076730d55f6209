import type { Console } from '../../terminal/console.js';
import { type FleetOptions, lastRound, openFleet, statusesOf } from './open-fleet.js';
import { isScheduler, openScheduler } from './schedulers.js';
import { printStatus } from './status-action.js';

/** `keepset fleet cancel`: what a scheduler has of a fleet ends; `resume` goes on with it. */
export async function cancelAction(
  words: readonly string[],
  options: FleetOptions,
  console: Console,
): Promise<undefined> {
  const opened = openFleet(words, console);
  const { tasks } = await lastRound(opened);
  for (const round of opened.record.rounds()) {
    if (round.jobs.length === 0 || !isScheduler(round.on)) continue;
    await using scheduler = await openScheduler(round.on, opened, console);
    await scheduler.end(round.jobs);
  }
  await printStatus(await statusesOf(tasks, opened, console), options, console);
}
