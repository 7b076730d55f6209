import { constants } from 'node:os';
import type { OverShrinkSign } from './over-shrink-sign.js';
import type { ShrinkFacts } from './shrink-facts.js';

/** Signals of faults; SIGTERM and SIGPIPE end processes that have done their work. */
const FAULTS: ReadonlySet<string> = new Set(
  'SIGSEGV SIGBUS SIGILL SIGFPE SIGABRT SIGSYS SIGKILL SIGTRAP'.split(' '),
);
const SIGNALLED = 128;
const FAULT_STATUSES: ReadonlySet<number> = new Set(
  [...FAULTS].flatMap((name) =>
    name === 'SIGKILL' ? [] : SIGNALLED + constants.signals[name as NodeJS.Signals],
  ),
);

/** A process of the run died of a fault. */
export function processKilled({ runs }: ShrinkFacts): OverShrinkSign | undefined {
  const ended = runs.find(({ exitStatus, service }) => {
    // A service is stopped by a signal, and killed where it does not heed it.
    return service !== undefined ? FAULT_STATUSES.has(exitStatus) : exitStatus > SIGNALLED;
  });
  const faults = runs.flatMap(({ killedBy = [] }) => killedBy.filter((signal) => FAULTS.has(signal)));
  if (ended === undefined && faults.length === 0) return undefined;
  const message =
    ended === undefined
      ? `${faults.length === 1 ? 'a process' : `${faults.length} processes`} of the run died of ${[...new Set(faults)].join(', ')}`
      : `the command was ended by signal ${ended.exitStatus - SIGNALLED} after ${ended.seconds.toFixed(1)} s`;
  return { kind: 'process-killed', message, cure: 'see that the command comes to its end in the source' };
}
