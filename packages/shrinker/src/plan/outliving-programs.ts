import type { AccessSummary, TracedProcess } from '@keepset/strace-parser';

/**
 * The programs of processes that were still running when process 1 ended. The kernel ends them with it, traced or not,
 * so a run may have been over sooner than its work.
 *
 * @param summary  of the trace of process 1, whose process is the first in it
 * @returns names as executed, each once; byte strings
 * @see pid_namespaces(7), "The namespace init process"
 */
export function outlivingPrograms({
  processes,
  exits,
}: Pick<AccessSummary, 'processes' | 'exits'>): readonly string[] {
  const [first] = processes;
  if (first === undefined) return [];
  const ends = [...exits];
  const endOfFirst = ends.findIndex(([pid]) => pid === first.pid);
  const endedWithFirst = new Set(
    ends
      .filter(([, end], at) => at > endOfFirst && end.how === 'killed' && end.signal === 'SIGKILL')
      .map(([pid]) => pid),
  );
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const outliving = processes.filter(
    ({ pid }) => pid !== first.pid && (!exits.has(pid) || endedWithFirst.has(pid)),
  );
  return [
    ...new Set(outliving.map((process) => programOf(process, byPid)).filter((name) => name !== undefined)),
  ];
}

/** A process that executed nothing runs what its parent ran. */
function programOf(process: TracedProcess, byPid: ReadonlyMap<number, TracedProcess>): string | undefined {
  const seen = new Set<number>();
  for (let at: TracedProcess | undefined = process; at !== undefined && !seen.has(at.pid); ) {
    const program = at.programs.at(-1);
    if (program !== undefined) return program.path;
    seen.add(at.pid);
    at = at.parent === undefined ? undefined : byPid.get(at.parent);
  }
  return undefined;
}
