/** A call that runtimes make between setting the profile and starting the program. */
export interface RuntimeCall {
  readonly name: string;
  /** By name and version. */
  readonly runtimes: readonly string[];
  /**
   * When it is made: at each start; only where privileges can be gained, since the profile is then set before the rights are
   * taken; or by the init that an engine puts before the program.
   */
  readonly when: 'always' | 'gaining' | 'init';
}

/**
 * What they make, as strace saw it in twenty starts of each kind (root and a plain user; run, create and start, exec), from the filter to the
 * program: `bench/runtime-calls.ts`. The runtimes of Debian 12 and 13; the inits of its Docker and its Podman.
 */
const SEEN: Readonly<Record<RuntimeCall['when'], Readonly<Record<string, string>>>> = {
  always: {
    'runc 1.1.5': 'close epoll_ctl execve fstatfs futex getdents64 getpid openat rt_sigreturn write',
    'runc 1.1.15':
      'close epoll_ctl execve fcntl fstatfs futex getdents64 getpid openat rt_sigreturn sched_yield write',
    'crun 1.8.1': 'close execve write',
    'crun 1.21': 'close close_range execve umask write',
  },
  gaining: {
    'runc 1.1.5':
      'capget capset chdir faccessat2 fchown fcntl fstat getcwd getppid newfstatat prctl read setgid setgroups setuid',
    'runc 1.1.15':
      'capget capset chdir faccessat2 fchown fcntl fstat getcwd getppid newfstatat prctl read setgid setgroups setuid',
    'crun 1.8.1':
      'capset fchown ioctl openat prctl pselect6 read rt_sigaction rt_sigprocmask setgroups setresgid setresuid statx write',
    'crun 1.21':
      'capset fchown ioctl openat prctl pselect6 read rt_sigaction rt_sigprocmask setgroups setresgid setresuid statx write',
  },
  init: {
    'docker-init 0.19.0':
      'arch_prctl brk clone execve exit_group getpgrp getpid getrandom ioctl kill mprotect prctl prlimit64 readlink rseq rt_sigaction rt_sigprocmask rt_sigtimedwait set_robust_list set_tid_address setpgid wait4 write',
    'catatonit 0.1.7':
      'arch_prctl brk clone close_range execve exit_group getpgrp getpid getrandom ioctl kill mprotect openat prctl prlimit64 read readlink rseq rt_sigprocmask set_robust_list set_tid_address setpgid signalfd4 wait4',
  },
};

/**
 * What container runtimes need, by name.
 *
 * @see decision 0036
 */
export const RUNTIME_CALLS: readonly RuntimeCall[] = Object.entries(SEEN).flatMap(([when, byRuntime]) => {
  const all = Object.entries(byRuntime).map(([runtime, text]) => [runtime, text.split(' ')] as const);
  const names = new Set(all.flatMap(([, calls]) => calls));
  return [...names].sort().map((name) => ({
    name,
    runtimes: all.filter(([, calls]) => calls.includes(name)).map(([runtime]) => runtime),
    when: when as RuntimeCall['when'],
  }));
});
