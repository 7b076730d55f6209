import type { AccessSummary } from '@keepset/strace-parser';
import { ShrinkError } from '../shrink-error.js';

const KILLED_FROM = 128;

/**
 * A trace must hold the end of its first process; one that does not was cut short, and would give an image that lacks
 * what came after. Its last line may be cut: the kernel kills all others with process 1, strace among them.
 *
 * @param exitStatus  of that process, from the engine; above 128 a signal ended it, and strace with it
 * @throws ShrinkError TRACE_INCOMPLETE
 * @see pid_namespaces(7), "The namespace init process"
 */
export function checkTraceComplete(
  { processes: [first], exits, lines }: Pick<AccessSummary, 'processes' | 'exits' | 'lines'>,
  exitStatus: number,
): void {
  const end = first && exits.get(first.pid);
  const isComplete =
    end === undefined ? exitStatus > KILLED_FROM : end.how === 'killed' || end.status === exitStatus;
  if (isComplete) return;
  throw new ShrinkError(
    'TRACE_INCOMPLETE',
    `the trace ends after ${lines} lines without the end of the program (exit status ${exitStatus})`,
    { hint: 'strace was stopped, or the disk of the engine is full; try again, and look at its free space.' },
  );
}
