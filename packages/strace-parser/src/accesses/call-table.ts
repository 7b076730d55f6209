import { Shape } from '../scanner/scanner-layout.js';
import type { AccessAction } from './file-access.js';

/** What the model does with a call. */
type CallKind =
  | 'path'
  | 'open'
  | 'creat'
  | 'handle'
  | 'handleOf'
  | 'exec'
  | 'rename'
  | 'link'
  | 'symlink'
  | 'descriptor'
  | 'chdir'
  | 'fchdir'
  | 'chroot'
  | 'pivot'
  | 'mount'
  | 'getcwd'
  | 'fork'
  | 'unshare'
  | 'dup'
  | 'fcntl'
  | 'close'
  | 'closeRange'
  | 'address'
  | 'receive'
  | 'bpf'
  | 'tree'
  | 'fsconfig'
  | 'landlock'
  | 'ring'
  | 'exit';

/** One system call that touches a path or changes what paths mean to a process. */
export interface CallSpec {
  /** Its place among all of them. */
  readonly index: number;
  readonly name: string;
  readonly kind: CallKind;
  readonly action: AccessAction;
  readonly follow: boolean;
  /** Which argument is the path, counted from 0; -1 if none is. */
  readonly path: number;
  /** Which is the second path, or -1. */
  readonly second: number;
  /** Whether the argument before a path is the directory it is relative to. */
  readonly at: boolean;
  /** What follows the path, where that is simple enough for the scanner. */
  readonly shape: Shape;
  /** Which holds flags that say how the path is followed (AT_* and the like), or -1. */
  readonly flags: number;
}

/**
 * kind, action, arguments: names. The arguments are one letter each: `d` directory descriptor, `p` path,
 * `f` flags, `.` anything else; a `~` before them if a link in the last component is not followed.
 * From the Linux manual pages, section 2, and the calls' prototypes of all architectures that strace knows.
 */
const TABLE = `
open open p: open
open open dp: openat openat2
creat write p: creat
handle open ..f: open_by_handle_at
exec execute p.: execve
exec execute dp..f: execveat
path stat p: stat stat64 oldstat statfs statfs64 getxattr listxattr
path stat ~p: lstat lstat64 oldlstat lgetxattr llistxattr
path stat dp.f: newfstatat fstatat64
path stat dpf: statx getxattrat listxattrat
handleOf stat ~dp..f: name_to_handle_at
path stat dp..f: file_getattr
path change dp..f: file_setattr
path access p: access
path access dp: faccessat
path access dp.f: faccessat2
path readlink ~p: readlink
path readlink ~dp: readlinkat
path create ~p: mkdir mknod
path create ~dp: mkdirat mknodat
symlink create ~.p: symlink
symlink create ~.dp: symlinkat
rename rename ~pp: rename
rename rename ~dpdp: renameat
rename rename ~dpdpf: renameat2
link link ~pp: link
link link ~dpdpf: linkat
path unlink ~p: unlink rmdir
path unlink ~dp: unlinkat
path change p: chmod chown chown32 utime utimes setxattr removexattr
path change ~p: lchown lchown32 lsetxattr lremovexattr
path change dp: fchmodat futimesat
path change dp.f: utimensat utimensat_time64 fchmodat2
path change dpf: setxattrat removexattrat mount_setattr
path change dp..f: fchownat
path write p: truncate truncate64 acct
path open p: swapon swapoff uselib
path open dpf: fspick
tree open dpf: open_tree open_tree_attr
path mount ~dpdpf: move_mount
fsconfig mount ...pd: fsconfig
landlock access ..: landlock_add_rule
path unmount pf: umount umount2 oldumount
path stat .p: quotactl
path watch .pf: inotify_add_watch
path watch .f.dp: fanotify_mark
mount mount pp: mount
chdir chdir p: chdir
fchdir chdir d: fchdir
chroot chroot p: chroot
chroot chroot d: fchroot
pivot chroot pp: pivot_root
getcwd stat .: getcwd
descriptor list d: getdents getdents64 readdir
descriptor stat d: fstat fstat64 oldfstat fstatfs fstatfs64 fgetxattr flistxattr quotactl_fd
descriptor change d: fchmod fchown fchown32 fsetxattr fremovexattr
descriptor write d: ftruncate ftruncate64 fallocate
fork stat .: fork vfork clone clone2 clone3
unshare stat .: unshare
dup stat d..: dup dup2 dup3
fcntl stat d..: fcntl fcntl64
close stat d: close
closeRange stat ...: close_range
address bind ~..: bind
address connect ..: connect
address connect ....: sendto
address connect ..: sendmsg sendmmsg
receive stat ..: recvmsg recvmmsg recvmmsg_time64
bpf open ..: bpf
ring stat .: io_uring_setup
exit stat .: exit exit_group
`;

/** The most frequent calls. */
const SHAPES: Readonly<Record<string, Shape>> = {
  open: Shape.Mode,
  openat: Shape.Mode,
  stat: Shape.Status,
  lstat: Shape.Status,
  newfstatat: Shape.StatusFlags,
  access: Shape.Words,
  faccessat: Shape.Words,
  // In halves only, and when it fails: a shell looks for a program in one directory after the other.
  execve: Shape.Program,
};

/** By their `index`. */
export const CALLS: CallSpec[] = [];
for (const row of TABLE.trim().split('\n')) {
  const [words = '', names = ''] = row.split(': ');
  const [kind, action, letters = ''] = words.split(' ');
  const shape = letters.replace('~', '');
  for (const name of names.split(' ')) {
    CALLS.push({
      index: CALLS.length,
      name,
      kind: kind as CallKind,
      action: action as AccessAction,
      follow: shape === letters,
      path: shape.indexOf('p'),
      second: shape.lastIndexOf('p') === shape.indexOf('p') ? -1 : shape.lastIndexOf('p'),
      at: shape.includes('dp'),
      shape: SHAPES[name] ?? Shape.Full,
      flags: shape.indexOf('f'),
    });
  }
}
const BY_NAME = new Map(CALLS.map((spec) => [spec.name, spec]));

/** The call of this name, if it matters to accesses. */
export function findCall(name: string): CallSpec | undefined {
  return BY_NAME.get(name);
}
