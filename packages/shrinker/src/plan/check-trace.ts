import type { AccessSummary } from '@keepset/strace-parser';
import { ShrinkError } from '../shrink-error.js';

const KILLED_FROM = 128;

/**
 * A trace must tell how the program ended; one that does not was cut short, and would give an image that lacks what
 * came after.
 *
 * @param exitStatus  of process 1, from the engine; above 128 a signal ended it, and strace with it
 * @throws ShrinkError TRACE_INCOMPLETE
 */
export function checkTraceComplete(summary: AccessSummary, exitStatus: number): void {
  const told = [...summary.exits.values()].some((end) => end.how === 'killed' || end.status === exitStatus);
  if (summary.endsInLine || (!told && exitStatus <= KILLED_FROM)) {
    throw new ShrinkError(
      'TRACE_INCOMPLETE',
      `the trace ends after ${summary.lines} lines without telling how the program ended (exit status ${exitStatus})`,
      {
        hint: 'strace was stopped, or the disk of the engine is full; try again, and look at its free space.',
      },
    );
  }
}
