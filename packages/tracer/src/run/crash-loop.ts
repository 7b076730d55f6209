/** A thread at one moment, as `/proc/PID/task/TID/{stat,status,syscall}` show it. */
export interface ThreadState {
  readonly tid: string;
  /** Who traces it; 0: nobody. */
  readonly tracerPid: number;
  /** Whether a fault (SEGV) would end it. */
  readonly diesOfFault: boolean;
  /** Where it stands in memory outside of any call; undefined while it runs, or in a call. */
  readonly standsAt: string | undefined;
  /** How often it has stopped of itself. */
  readonly stops: number;
  /** Pages that it was given. */
  readonly pages: number;
}

const SEGV = 11;

/** Whether it may be one that crashes over and over: another look shows it. */
export function mayCrash({ diesOfFault, standsAt }: ThreadState): boolean {
  return diesOfFault && standsAt !== undefined;
}

/**
 * The tracer of a thread that crashes over and over, in two looks at the threads of process 1.
 *
 * A process 1 that faults dies, as any other does; but while it is traced, the kernel has it run on, and it faults at the
 * same place again. Such a thread stops thousands of times a second outside of any call, always at the same place, and no
 * page is given to it, as one would be where a stop is only the wait for a page.
 *
 * @see signal(7); force_sig_info_to_task in the kernel, SIGNAL_UNKILLABLE
 * @param seconds  between the looks
 */
export function crashLoopTracer(
  before: readonly ThreadState[],
  after: readonly ThreadState[],
  seconds: number,
): number | undefined {
  const first = new Map(before.map((thread) => [thread.tid, thread]));
  const looping = after.find((thread) => {
    const earlier = first.get(thread.tid);
    return (
      earlier !== undefined &&
      mayCrash(thread) &&
      thread.standsAt === earlier.standsAt &&
      thread.pages === earlier.pages &&
      (thread.stops - earlier.stops) / seconds >= STOPS_PER_SECOND_MIN
    );
  });
  return looping?.tracerPid || undefined;
}

/** A crash comes about 75,000 times a second; a timer that a profiler sets, at most some thousand times. */
const STOPS_PER_SECOND_MIN = 5000;

/**
 * Read what `head -v` printed of the three files of each thread, of `syscall` as often as there was time: it must not
 * contradict itself.
 *
 * @see proc(5)
 */
export function parseThreads(text: string): readonly ThreadState[] {
  const threads = new Map<string, { stat: string; status: string; syscalls: string[] }>();
  for (const part of text.split(/^==> /m)) {
    const [, tid = '', name = '', content = ''] = /^\S*\/(\d+)\/(\w+) <==\n(.*)/s.exec(part) ?? [];
    if (tid === '') continue;
    const thread = threads.get(tid) ?? { stat: '', status: '', syscalls: [] };
    threads.set(tid, thread);
    if (name === 'stat') thread.stat = content;
    else if (name === 'status') thread.status = content;
    else thread.syscalls.push(content.trim());
  }
  return [...threads].flatMap(([tid, { stat, status, syscalls }]) => {
    const field = (key: string) => new RegExp(`^${key}:\\t(.*)$`, 'm').exec(status)?.[1] ?? '';
    // After the name in parentheses, which may hold anything: minflt and majflt are the 10th and 12th field.
    const [, , , , , , , minorFaults, , majorFaults] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (minorFaults === undefined || majorFaults === undefined || status === '') return [];
    const handled = BigInt(`0x${field('SigCgt')}`) | BigInt(`0x${field('SigIgn')}`);
    const [place = '', ...others] = new Set(syscalls.filter((each) => each !== 'running'));
    return {
      tid,
      tracerPid: Number(field('TracerPid')),
      diesOfFault: ((handled >> BigInt(SEGV - 1)) & 1n) === 0n,
      standsAt: others.length === 0 && place.startsWith('-1 ') ? place : undefined,
      stops: Number(field('voluntary_ctxt_switches')),
      pages: Number(minorFaults) + Number(majorFaults),
    };
  });
}
