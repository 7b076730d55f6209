/** Calls that belong together, and that no run need have shown. */
export interface CallFamily {
  readonly name: string;
  /** One line for people. */
  readonly what: string;
  readonly calls: readonly string[];
}

/**
 * What every program may do, whether a run was seen to or not: work on what it has open, on its memory, its threads and its
 * signals, and end. None of it reaches anything that the program has not got. Programs do these things most often, so they are
 * not traced: what a trace costs is what its other calls cost.
 */
export const BASE: CallFamily = {
  name: 'base',
  what: 'work on what is open, on memory, threads and signals, and end',
  calls: [
    'brk',
    'clock_gettime',
    'close',
    'exit',
    'exit_group',
    'futex',
    'getpid',
    'gettimeofday',
    'lseek',
    'madvise',
    'mmap',
    'mprotect',
    'munmap',
    'poll',
    'pread64',
    'pwrite64',
    'read',
    'readv',
    'restart_syscall',
    'rt_sigaction',
    'rt_sigprocmask',
    'rt_sigreturn',
    'rt_sigsuspend',
    'sched_yield',
    'write',
    'writev',
  ],
};

/**
 * What programs of 32 bits call in place of some of the base.
 *
 * @see syscalls(2)
 */
export const BASE_OF_32_BITS: CallFamily = {
  name: 'base-32',
  what: 'the base, as programs of 32 bits call it',
  calls: [
    '_llseek',
    'clock_gettime64',
    'futex_time64',
    'mmap2',
    'sigaction',
    'sigprocmask',
    'sigreturn',
    'sigsuspend',
  ],
};

/** For what a run seldom shows: what programs do when something goes wrong, or when it is late. */
export const FURTHER_FAMILIES: readonly CallFamily[] = [
  {
    name: 'core-dumps',
    what: 'abort, and leave a core',
    calls: ['getrlimit', 'gettid', 'kill', 'prctl', 'prlimit64', 'setrlimit', 'tgkill', 'tkill'],
  },
  {
    name: 'memory-pressure',
    what: 'grow, shrink and give back memory',
    calls: ['membarrier', 'mincore', 'mremap', 'msync', 'process_madvise', 'sysinfo'],
  },
  {
    name: 'signals',
    what: 'await signals, and send them to own processes',
    calls: [
      'gettid',
      'kill',
      'pause',
      'rt_sigpending',
      'rt_sigqueueinfo',
      'rt_sigtimedwait',
      'rt_tgsigqueueinfo',
      'sigaltstack',
      'signalfd4',
      'tgkill',
      'tkill',
    ],
  },
  {
    name: 'time',
    what: 'ask for the time, sleep, and be woken',
    calls: [
      'alarm',
      'clock_getres',
      'clock_nanosleep',
      'getitimer',
      'nanosleep',
      'setitimer',
      'time',
      'timer_create',
      'timer_delete',
      'timer_getoverrun',
      'timer_gettime',
      'timer_settime',
      'timerfd_create',
      'timerfd_gettime',
      'timerfd_settime',
      'times',
    ],
  },
];
