declare const brand: unique symbol;

/**
 * A path as a process meant it: absolute, with its working directory, directory descriptor and root applied;
 * links and `..` are NOT followed and nothing is tidied (`/a//b/.` stays). It is a byte string: a JS string
 * in which each UTF-16 unit is one byte, so any name survives and sorting is that of the bytes.
 */
export type AskedPath = string & { readonly [brand]: 'asked' };

/**
 * What was done to a path.
 *
 * | action | calls |
 * | --- | --- |
 * | `open` | open, openat, openat2 for reading (or O_PATH); swapon, uselib, fspick, open_tree, BPF_OBJ_GET |
 * | `write` | the same for writing, also when the file may be made; creat, truncate, acct |
 * | `create` | made or not at all: O_CREAT\|O_EXCL, mkdir, mknod, symlink, and the new name of a link or rename |
 * | `execute` | execve, execveat |
 * | `stat` | stat, lstat, statx, statfs, getxattr, … : its metadata was read |
 * | `access` | access, faccessat: whether it may be used; landlock_add_rule: a rule about it |
 * | `readlink` | readlink |
 * | `list` | getdents on a descriptor: the names in a directory were read |
 * | `rename`, `link` | the old name; the new one is a second access, `create` (`rename` if exchanged) |
 * | `unlink` | unlink, rmdir |
 * | `change` | chmod, chown, utimes, setxattr, … : its metadata was written |
 * | `chdir`, `chroot` | also fchdir, pivot_root |
 * | `mount`, `unmount` | mount (source, if it is an absolute path, and target), fsconfig, move_mount, umount |
 * | `bind`, `connect` | a Unix socket's file; also sendto, sendmsg |
 * | `watch` | inotify_add_watch, fanotify_mark |
 */
export type AccessAction =
  | 'open'
  | 'write'
  | 'create'
  | 'execute'
  | 'stat'
  | 'access'
  | 'readlink'
  | 'list'
  | 'rename'
  | 'link'
  | 'unlink'
  | 'change'
  | 'chdir'
  | 'chroot'
  | 'mount'
  | 'unmount'
  | 'bind'
  | 'connect'
  | 'watch';

/** How a file was opened. Shared between accesses with the same flags. */
export interface OpenMode {
  readonly read: boolean;
  readonly write: boolean;
  /** O_CREAT: made if it was not there. */
  readonly create: boolean;
  /** O_EXCL: fails if it was there. */
  readonly exclusive: boolean;
  readonly truncate: boolean;
  readonly append: boolean;
  readonly directory: boolean;
  /** O_PATH: only a handle on the name; the content cannot be read through it. */
  readonly pathOnly: boolean;
  readonly noFollow: boolean;
  readonly closeOnExec: boolean;
  /** O_TMPFILE: a nameless file in the directory of this path. */
  readonly temporary: boolean;
}

/** The last program that a process executed. One object for all accesses of that process. */
export interface Program {
  readonly path: AskedPath;
  /** Byte strings; an argument that strace cut (-s) is as long as what was printed. */
  readonly argv: readonly string[];
}

/** One path touched by one system call. */
export interface FileAccess {
  readonly path: AskedPath;
  /** The kernel's own answer, where -y shows it (`= 3</usr/lib/x>`): no link, no `..`. A byte string. */
  readonly realPath?: string | undefined;
  readonly action: AccessAction;
  /** Whether a link in the last component is followed: false for lstat, readlink, O_NOFOLLOW, unlink, … */
  readonly follow: boolean;
  /** `ENOENT`, …; absent when the call succeeded; `?` when the log does not tell (killed inside the call). */
  readonly errno?: string | undefined;
  /** Name of the system call. */
  readonly call: string;
  /** The thread that made it; 0 where the log names none. */
  readonly pid: number;
  /** Line of the log, from 1, on which the call began. */
  readonly line: number;
  /**
   * When the call began, in seconds, if the log has times: since the epoch with -ttt, else since the first line that has
   * one. A double: its step is 0.24 µs at today's epoch.
   */
  readonly time?: number | undefined;
  /** Of a call in two halves, when the second one was printed. */
  readonly endTime?: number | undefined;
  /** -T: how long the call took, in seconds, as exactly as strace prints it. */
  readonly duration?: number | undefined;
  readonly program?: Program | undefined;
  /** The process's root directory, when it is not the log's own: `path` is under it, and so are absolute links. */
  readonly root?: string | undefined;
  /** Only for opens. */
  readonly mode?: OpenMode | undefined;
  /** The other name, of a rename or link. */
  readonly other?: AskedPath | undefined;
}
