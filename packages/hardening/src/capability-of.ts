import type { Denial } from './observation.js';

/**
 * The capability for want of which a call is refused, by its name and how it failed.
 *
 * @see capabilities(7)
 */
const BY_CALL: readonly {
  readonly calls: RegExp;
  readonly errno: 'EPERM' | 'EACCES';
  readonly capability: string;
}[] = [
  { calls: /^[fl]?chown(?:at|32)?$|^fchownat$/, errno: 'EPERM', capability: 'CHOWN' },
  { calls: /^set(?:|re|res|fs)uid$/, errno: 'EPERM', capability: 'SETUID' },
  { calls: /^set(?:|re|res|fs)gid$|^setgroups$/, errno: 'EPERM', capability: 'SETGID' },
  { calls: /kill$|sigqueueinfo$|^pidfd_send_signal$/, errno: 'EPERM', capability: 'KILL' },
  { calls: /^f?chmod(?:at2?)?$|^f?utime|^futimesat$/, errno: 'EPERM', capability: 'FOWNER' },
  { calls: /^open|^unlink|^rename|^rmdir$|xattr$|^linkat$|^link$/, errno: 'EPERM', capability: 'FOWNER' },
  { calls: /^mknod(?:at)?$/, errno: 'EPERM', capability: 'MKNOD' },
  { calls: /^chroot$/, errno: 'EPERM', capability: 'SYS_CHROOT' },
  { calls: /^capset$|^prctl$/, errno: 'EPERM', capability: 'SETPCAP' },
  { calls: /^setrlimit$|^prlimit64$/, errno: 'EPERM', capability: 'SYS_RESOURCE' },
  { calls: /^setpriority$|^sched_set|^ioprio_set$|^nice$/, errno: 'EPERM', capability: 'SYS_NICE' },
  { calls: /^setpriority$/, errno: 'EACCES', capability: 'SYS_NICE' },
  { calls: /^mlock/, errno: 'EPERM', capability: 'IPC_LOCK' },
  { calls: /^clock_(?:set|adj)time|^settimeofday$|^adjtimex$/, errno: 'EPERM', capability: 'SYS_TIME' },
  { calls: /^ptrace$|^process_vm_/, errno: 'EPERM', capability: 'SYS_PTRACE' },
  { calls: /^socket$/, errno: 'EPERM', capability: 'NET_RAW' },
  { calls: /^setsockopt$|^ioctl$/, errno: 'EPERM', capability: 'NET_ADMIN' },
  { calls: /^send(?:to|msg|mmsg)$/, errno: 'EPERM', capability: 'AUDIT_WRITE' },
  { calls: /^bind$/, errno: 'EACCES', capability: 'NET_BIND_SERVICE' },
  {
    calls:
      /^open|^creat$|stat|^access$|^faccessat|^mk(?:dir|nod)|^unlink|^rename|^rmdir$|^link|^symlink|^chdir$|^execve|^readlink|^truncate$|^connect$|^utime/,
    errno: 'EACCES',
    capability: 'DAC_OVERRIDE',
  },
  {
    calls:
      /^(?:mount|umount2|pivot_root|setns|unshare|clone3?|sethostname|setdomainname|swapon|swapoff|bpf|quotactl)$/,
    errno: 'EPERM',
    capability: 'SYS_ADMIN',
  },
];

/**
 * The capability that a refused call wanted.
 *
 * @returns without CAP_; undefined where none would have helped
 * @example capabilityOf({ site: { call: 'chown', … }, errno: 'EPERM', argumentsText: '"/x", 1, 1' }) // 'CHOWN'
 */
export function capabilityOf({ site, errno, argumentsText }: Denial): string | undefined {
  if (/xattr$/.test(site.call) && argumentsText.includes('"security.capability"')) return 'SETFCAP';
  return BY_CALL.find(({ calls, errno: expected }) => expected === errno && calls.test(site.call))
    ?.capability;
}
