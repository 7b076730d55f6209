import type { FileAccess } from '@keepset/strace-parser';

/** Counts the programs of a run as its accesses pass by. */
export interface StartedPrograms {
  note(access: Pick<FileAccess, 'action' | 'pid' | 'errno'>): void;
  /** How many were executed by other processes once the first was what it was at its end. */
  readonly count: number;
}

/** Of accesses in the order of the trace: the first is of process 1, which may become another program by execve. */
export function countStarted(): StartedPrograms {
  let first: number | undefined;
  let count = 0;
  return {
    note({ action, pid, errno }) {
      first ??= pid;
      if (action !== 'execute' || errno !== undefined) return;
      count = pid === first ? 0 : count + 1;
    },
    get count() {
      return count;
    },
  };
}
