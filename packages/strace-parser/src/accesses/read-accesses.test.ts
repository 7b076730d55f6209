import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostileString } from '../../test/arbitraries.ts';
import { parseStrace } from '../events/parse-strace.js';
import type { FileAccess } from './file-access.js';
import { fileAccesses } from './file-accesses.js';
import { readAccesses } from './read-accesses.js';

async function both(log: string, options = {}): Promise<FileAccess[]> {
  const fast: FileAccess[] = [];
  for await (const access of readAccesses(log, options)) fast.push(access);
  const slow: FileAccess[] = [];
  for await (const access of fileAccesses(parseStrace(log), options)) slow.push(access);
  expect(JSON.stringify(slow)).toBe(JSON.stringify(fast));
  return fast;
}

const outline = async (lines: readonly string[], options = {}) =>
  (await both(`${lines.join('\n')}\n`, options)).map(
    ({ pid, action, errno, path, realPath, follow, root }) =>
      `${pid} ${action}${follow ? '' : '!'}${errno === undefined ? '' : `(${errno})`} ${path}` +
      `${realPath === undefined || realPath === path ? '' : ` -> ${realPath}`}${root === undefined ? '' : ` in ${root}`}`,
  );

describe('readAccesses', () => {
  it.each<[string, string[], string[]]>([
    ['an open', ['1 open("/x", O_RDONLY) = 3'], ['1 open /x']],
    [
      'an open through a link',
      ['1 openat(AT_FDCWD, "/lib/x", O_RDONLY) = 3</usr/lib/x>'],
      ['1 open /lib/x -> /usr/lib/x'],
    ],
    ['a failure', ['1 open("/x", O_RDONLY) = -1 ENOENT (No such file or directory)'], ['1 open(ENOENT) /x']],
    [
      'opens for writing',
      ['1 open("/x", O_RDWR) = 3', '1 open("/y", O_WRONLY|O_CREAT, 0644) = 4', '1 creat("/z", 0600) = 5'],
      ['1 write /x', '1 write /y', '1 write /z'],
    ],
    ['an open that must make the file', ['1 open("/x", O_RDWR|O_CREAT|O_EXCL, 0600) = 3'], ['1 create! /x']],
    [
      'O_NOFOLLOW, openat2',
      ['1 openat2(AT_FDCWD, "/x", {flags=O_RDONLY|O_NOFOLLOW, resolve=RESOLVE_BENEATH}, 24) = 3'],
      ['1 open! /x'],
    ],
    [
      'a file by its handle, as far as the log tells whose that is',
      [
        '1 name_to_handle_at(AT_FDCWD, "/a", {handle_bytes=128 => 8, handle_type=1, f_handle="\\x64\\x02"}, [27], 0) = 0',
        '1 open_by_handle_at(3</>, {handle_bytes=8, handle_type=1, f_handle="\\x64\\x02"}, O_RDONLY) = 4',
        '1 open_by_handle_at(3</>, {handle_bytes=8, handle_type=1, f_handle="\\x99\\x02"}, O_RDWR) = 5</b>',
        '1 open_by_handle_at(3</>, {handle_bytes=8, handle_type=1, f_handle="\\x00\\x02"}, O_RDONLY) = 6',
      ],
      ['1 stat! /a', '1 open /a', '1 write /b'],
    ],
    [
      'O_TMPFILE',
      ['1 open("/tmp", O_RDWR|O_TMPFILE, 0600) = 3</tmp/#7>(deleted)'],
      ['1 open /tmp -> /tmp/#7'],
    ],
    [
      'stat and its kin',
      [
        '1 stat("/a", {}) = 0',
        '1 lstat("/b", {}) = 0',
        '1 newfstatat(AT_FDCWD, "/c", {}, AT_SYMLINK_NOFOLLOW) = 0',
        '1 statx(AT_FDCWD, "/d", AT_STATX_SYNC_AS_STAT, STATX_ALL, {}) = 0',
        '1 access("/e", R_OK) = 0',
        '1 readlink("/f", "g", 9) = 1',
      ],
      ['1 stat /a', '1 stat! /b', '1 stat! /c', '1 stat /d', '1 access /e', '1 readlink! /f'],
    ],
    [
      'AT_EMPTY_PATH, and no path',
      [
        '1 newfstatat(3</a/b>, "", {}, AT_EMPTY_PATH) = 0',
        '1 utimensat(4</c>, NULL, NULL, 0) = 0',
        '1 newfstatat(5<pipe:[7]>, "", {}, AT_EMPTY_PATH) = 0',
      ],
      ['1 stat /a/b', '1 change /c'],
    ],
    [
      'an empty path',
      ['1 chdir("/d") = 0', '1 stat("", 0x1) = -1 ENOENT (No such file or directory)'],
      ['1 chdir /d', '1 stat(ENOENT) /d'],
    ],
    [
      'a bad pointer',
      [
        '1 stat(0x1, 0x2) = -1 EFAULT (Bad address)',
        '1 openat(AT_FDCWD, NULL, O_RDONLY) = -1 EFAULT (Bad address)',
      ],
      [],
    ],
    [
      'names with `..`, `.` and `//` stay',
      ['1 chdir("/a/..") = 0', '1 stat("./b//c/", {}) = 0'],
      ['1 chdir /a/..', '1 stat /a/.././b//c/'],
    ],
    [
      'a list',
      [
        '1 openat(AT_FDCWD, "/d", O_RDONLY|O_DIRECTORY) = 3',
        '1 getdents64(3, 0x1 /* 3 entries */, 32768) = 80',
        '1 getdents64(9<pipe:[1]>, 0x1, 2) = -1 ENOTDIR (Not a directory)',
      ],
      ['1 open /d', '1 list /d'],
    ],
    [
      'a descriptor as a base',
      [
        '1 open("/d", O_RDONLY) = 3',
        '1 openat(3, "f", O_RDONLY) = 4',
        '1 fchdir(3) = 0',
        '1 open("g", O_RDONLY) = 5',
      ],
      ['1 open /d', '1 open /d/f', '1 chdir /d', '1 open /d/g'],
    ],
    [
      'dup, fcntl, close',
      [
        '1 open("/d", O_RDONLY) = 3',
        '1 dup2(3, 9) = 9',
        '1 fcntl(9, F_DUPFD_CLOEXEC, 20) = 20',
        '1 close(3) = 0',
        '1 openat(20, "f", O_RDONLY) = 3',
        '1 close_range(5, 30, 0) = 0',
        '1 openat(9, "f", O_RDONLY) = 4',
      ],
      ['1 open /d', '1 open /d/f'],
    ],
    [
      'close-on-exec',
      [
        '1 open("/d", O_RDONLY|O_CLOEXEC) = 3',
        '1 open("/e", O_RDONLY) = 4',
        '1 execve("/p", ["p"], 0x1) = 0',
        '1 openat(3, "f", O_RDONLY) = -1 EBADF (Bad file descriptor)',
        '1 openat(4, "f", O_RDONLY) = 5',
      ],
      ['1 open /d', '1 open /e', '1 execute /p', '1 open /e/f'],
    ],
    [
      'the directory that -y shows',
      ['1 openat(AT_FDCWD</home/u>, "f", O_RDONLY) = 3</home/u/f>', '1 stat("g", {}) = 0'],
      ['1 open /home/u/f', '1 stat /home/u/g'],
    ],
    [
      'the directory that getcwd tells',
      ['1 getcwd("/real", 4096) = 6', '1 stat("g", {}) = 0'],
      ['1 stat /real/g'],
    ],
    [
      'a fork has its own directory',
      ['1 chdir("/a") = 0', '1 fork() = 2', '2 chdir("b") = 0', '1 stat("x", {}) = 0', '2 stat("x", {}) = 0'],
      ['1 chdir /a', '2 chdir /a/b', '1 stat /a/x', '2 stat /a/b/x'],
    ],
    [
      'CLONE_FS and CLONE_FILES share',
      [
        '1 clone(child_stack=NULL, flags=CLONE_FS|CLONE_FILES|SIGCHLD) = 2',
        '2 chdir("/b") = 0',
        '2 open("/c", O_RDONLY) = 7',
        '1 stat("x", {}) = 0',
        '1 openat(7, "y", O_RDONLY) = 8',
        '2 unshare(CLONE_FS) = 0',
        '2 chdir("/z") = 0',
        '1 stat("x", {}) = 0',
      ],
      ['2 chdir /b', '2 open /c', '1 stat /b/x', '1 open /c/y', '2 chdir /z', '1 stat /b/x'],
    ],
    [
      'a child speaks before its parent returns',
      [
        '1 chdir("/a") = 0',
        '1 vfork( <unfinished ...>',
        '2 stat("x", {}) = 0',
        '1 <... vfork resumed>) = 2',
        '2 stat("y", {}) = 0',
      ],
      ['1 chdir /a', '2 stat /a/x', '2 stat /a/y'],
    ],
    [
      'it even ends before',
      [
        '1 chdir("/a") = 0',
        '1 fork( <unfinished ...>',
        '2 stat("x", {}) = 0',
        '2 +++ exited with 0 +++',
        '1 <... fork resumed>) = 2',
        '1 chdir("/b") = 0',
        '1 fork() = 2',
        '2 stat("y", {}) = 0',
      ],
      ['1 chdir /a', '2 stat /a/x', '1 chdir /b', '2 stat /b/y'],
    ],
    [
      'of two possible parents, the right one',
      [
        '1 chdir("/a") = 0',
        '1 fork() = 2',
        '2 chdir("/b") = 0',
        '1 fork( <unfinished ...>',
        '2 fork( <unfinished ...>',
        '4 stat("x", {}) = 0',
        '3 stat("y", {}) = 0',
        '1 <... fork resumed>) = 3',
        '2 <... fork resumed>) = 4',
      ],
      ['1 chdir /a', '2 chdir /b', '3 stat /a/y', '4 stat /b/x'],
    ],
    [
      'a thread that executes a program',
      [
        '5 chdir("/a") = 0',
        '5 clone(flags=CLONE_FS|CLONE_FILES|CLONE_THREAD) = 6',
        '6 execve("p", ["p"], NULL <pid changed to 5 ...>',
        '5 +++ superseded by execve in pid 6 +++',
        '5 <... execve resumed>) = -1 (errno 18446744073709551595)',
        '5 stat("x", {}) = 0',
      ],
      ['5 chdir /a', '5 execute /a/p', '5 stat /a/x'],
    ],
    [
      'execveat of a descriptor',
      [
        '1 execveat(3</bin/p>, "", ["p"], 0x1, AT_EMPTY_PATH) = 0',
        '1 execveat(4</d>, "q", ["q"], 0x1, AT_SYMLINK_NOFOLLOW) = -1 ELOOP (Too many levels of symbolic links)',
      ],
      ['1 execute /bin/p', '1 execute!(ELOOP) /d/q'],
    ],
    [
      'chroot',
      [
        '1 chdir("/jail") = 0',
        '1 chroot(".") = 0',
        '1 open("/etc/x", O_RDONLY) = 3',
        '1 open("y", O_RDONLY) = 4</jail/y>',
      ],
      ['1 chdir /jail', '1 chroot /jail/.', '1 open /jail/etc/x in /jail', '1 open /jail/y in /jail'],
    ],
    [
      'rename, link, symlink, unlink',
      [
        '1 rename("/a", "/b") = 0',
        '1 linkat(AT_FDCWD, "/a", 3</d>, "b", AT_SYMLINK_FOLLOW) = 0',
        '1 symlink("target", "/s") = 0',
        '1 symlinkat("target", 3</d>, "s") = 0',
        '1 unlinkat(3</d>, "s", AT_REMOVEDIR) = 0',
        '1 renameat2(AT_FDCWD, "/a", AT_FDCWD, "/b", RENAME_EXCHANGE) = 0',
      ],
      [
        '1 rename! /a',
        '1 create! /b',
        '1 link /a',
        '1 create! /d/b',
        '1 create! /s',
        '1 create! /d/s',
        '1 unlink! /d/s',
        '1 rename! /a',
        '1 rename! /b',
      ],
    ],
    [
      'a directory that is renamed takes its descriptors along',
      [
        '1 chdir("/a/d") = 0',
        '1 open("/a/d", O_RDONLY) = 3',
        '1 rename("/a", "/b") = 0',
        '1 openat(3, "f", O_RDONLY) = 4',
        '1 stat("g", {}) = 0',
      ],
      ['1 chdir /a/d', '1 open /a/d', '1 rename! /a', '1 create! /b', '1 open /b/d/f', '1 stat /b/d/g'],
    ],
    [
      '/proc/self',
      [
        '1 chdir("/w") = 0',
        '1 execve("/bin/p", ["p"], 0x1) = 0',
        '1 open("/d", O_RDONLY) = 3',
        '1 open("/proc/self/exe", O_RDONLY) = 4',
        '1 readlink("/proc/self/exe", "/bin/p", 99) = 6',
        '1 open("/proc/self/cwd/f", O_RDONLY) = 5',
        '1 stat("/proc/self/fd/3", {}) = 0',
        '1 open("/proc/thread-self/root/x", O_RDONLY) = 6',
        '1 open("/proc/self/maps", O_RDONLY) = 7',
        '2 open("/proc/1/cwd/f", O_RDONLY) = 3',
      ],
      [
        '1 chdir /w',
        '1 execute /bin/p',
        '1 open /d',
        '1 open /bin/p',
        '1 readlink! /proc/self/exe',
        '1 open /w/f',
        '1 stat /d',
        '1 open /x',
        '1 open /proc/self/maps',
        '2 open /w/f',
      ],
    ],
    [
      'sockets',
      [
        '1 bind(3, {sa_family=AF_UNIX, sun_path="/run/s \\"x\\""}, 110) = 0',
        '1 connect(4, {sa_family=AF_UNIX, sun_path="rel"}, 110) = -1 ENOENT (No such file or directory)',
        '1 connect(4, {sa_family=AF_UNIX, sun_path=@"abstract"}, 20) = 0',
        '1 connect(4, {sa_family=AF_INET, sin_port=htons(80)}, 16) = 0',
      ],
      ['1 bind! /run/s "x"', '1 connect(ENOENT) /rel'],
    ],
    [
      'descriptors that come through a socket',
      [
        '1 recvmsg(4, {msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[8<pipe:[1]>, 9</d>]}]}, 0) = 1',
        '1 openat(9, "f", O_RDONLY) = 3',
      ],
      ['1 open /d/f'],
    ],
    [
      'mounts',
      [
        '1 mount("/dev/sda", "/mnt", "ext4", 0, NULL) = 0',
        '1 mount("proc", "/proc", "proc", 0, NULL) = 0',
        '1 umount2("/mnt", UMOUNT_NOFOLLOW) = 0',
      ],
      ['1 mount /dev/sda', '1 mount /mnt', '1 mount /proc', '1 unmount! /mnt'],
    ],
    [
      'a line glued to a call that could not be entered, as strace 6.1 does under -f -z',
      [
        '1 ???(2 openat(AT_FDCWD, "/x", O_RDONLY <unfinished ...>',
        ') = -1 ENOENT (No such file or directory)',
        '1 <... ??? resumed>) = ?',
        '1 openat(2 stat("/y", {}) = 0',
        '1 +++ killed by SIGKILL +++',
      ],
      ['2 open(ENOENT) /x', '2 stat /y'],
    ],
    [
      'one process that strace has attached to (-p, -D), on a terminal',
      [
        'strace: Process 7 attached',
        'chdir("/tmp") = 0',
        'fork(strace: Process 8 attached',
        ' <unfinished ...>',
        '[pid 8] stat("x", {}) = 0',
        '[pid 7] <... fork resumed>) = 8',
        '[pid 8] +++ exited with 0 +++',
        'stat("y", {}) = 0',
      ],
      ['7 chdir /tmp', '8 stat /tmp/x', '7 stat /tmp/y'],
    ],
    [
      'pivot_root, for all in the same mount namespace',
      [
        '1 clone(child_stack=NULL, flags=CLONE_NEWNS|SIGCHLD) = 2',
        '2 fork() = 3',
        '3 chdir("/tmp") = 0',
        '2 pivot_root("/new", "/new/old") = 0',
        '2 stat("x", {}) = 0',
        '2 stat("/etc", {}) = 0',
        '3 stat("x", {}) = 0',
        '3 stat("/etc", {}) = 0',
        '1 stat("/etc", {}) = 0',
        '3 unshare(0x20000) = 0',
        '2 pivot_root("/newer", ".") = -1 EBUSY (Device or resource busy)',
        '2 pivot_root("/newer", ".") = 0',
        '3 stat("/etc", {}) = 0',
      ],
      [
        '3 chdir /tmp',
        '2 chroot /new',
        '2 chroot /new/old',
        '2 stat /new/x in /new',
        '2 stat /new/etc in /new',
        '3 stat /tmp/x in /new',
        '3 stat /new/etc in /new',
        '1 stat /etc',
        '2 chroot(EBUSY) /new/newer in /new',
        '2 chroot(EBUSY) /new/. in /new',
        '2 chroot /new/newer in /new',
        '2 chroot /new/. in /new',
        '3 stat /new/etc in /new',
      ],
    ],
    [
      '-X raw',
      [
        '1 openat(-100, "/x", 0x80042) = 3',
        '1 newfstatat(3, "", {}, 0x1000) = 0',
        '1 newfstatat(-100, "l", {}, 0x100) = 0',
        '1 open("/y", 0) = 4',
        '1 statx(4, "", |0x1000, 0xfff, {}) = 0',
      ],
      ['1 write /x', '1 stat /x', '1 stat! /l', '1 open /y', '1 stat /y'],
    ],
    [
      '-X verbose',
      ['1 openat(-100 /* AT_FDCWD */</w>, "x", 0x80000 /* O_RDONLY|O_CLOEXEC */) = 3</w/x>'],
      ['1 open /w/x'],
    ],
    [
      '-N',
      [
        '1 openat(dirfd=AT_FDCWD, pathname="/x", flags=O_RDONLY|O_CREAT|O_EXCL, mode=0600) = 3',
        '1 execve(pathname="/bin/p", argv=["p"], envp=0x1 /* 1 var */) = 0',
      ],
      ['1 create! /x', '1 execute /bin/p'],
    ],
    [
      '--secontext',
      ['1 [user_t] openat(AT_FDCWD [user_t], "/x" [tmp_t], O_RDONLY) = 3</x> [tmp_t]'],
      ['1 open /x'],
    ],
    ['-xx', ['1 openat(AT_FDCWD<\\x2f\\x77>, "\\x78", O_RDONLY) = 3<\\x2f\\x77\\x2f\\x78>'], ['1 open /w/x']],
    ['bytes', ['1 open("/\\377\\n\\"", O_RDONLY) = 3</\\377\\n\\">'], ['1 open /\u00ff\n"']],
    [
      'devices and deleted files',
      [
        '1 open("/dev/null", O_RDWR) = 3</dev/null<char 1:3>>',
        '1 newfstatat(4</tmp/x>(deleted), "", {}, AT_EMPTY_PATH) = 0',
        '1 newfstatat(5</memfd:m>(deleted), "", {}, AT_EMPTY_PATH) = 0',
      ],
      ['1 write /dev/null', '1 stat /tmp/x'],
    ],
    [
      'killed in a call',
      ['1 open("/x", O_RDONLY <unfinished ...>', '1 +++ killed by SIGKILL +++'],
      ['1 open(?) /x'],
    ],
    [
      'interrupted',
      ['1 open("/fifo", O_RDONLY) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)'],
      ['1 open(ERESTARTSYS) /fifo'],
    ],
    [
      'bpf, inotify, fanotify',
      [
        '1 bpf(BPF_OBJ_GET, {pathname="/sys/fs/bpf/x", bpf_fd=0}, 16) = 3',
        '1 inotify_add_watch(4, "/w", IN_DONT_FOLLOW) = 1',
        '1 fanotify_mark(5, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, "/v") = 0',
      ],
      ['1 open /sys/fs/bpf/x', '1 watch! /w', '1 watch /v'],
    ],
  ])('%s', async (_title, lines, expected) => {
    expect(await outline(lines)).toEqual(expected);
  });

  it('begins where the caller says', async () => {
    expect(
      await outline(['1 stat("x", {}) = 0', '1 stat("/y", {}) = 0'], { cwd: '/r/w', root: '/r' }),
    ).toEqual(['1 stat /r/w/x in /r', '1 stat /r/y in /r']);
  });

  it('names the program that did it, and its arguments', async () => {
    const [exec, stat, late] = await both(
      '1 execve("/bin/sh", ["sh", "-c", "a\\nb"..., ...], 0x1) = 0\n1 stat("/x", {}) = 0\n1 fork() = 2\n2 stat("/y", {}) = 0\n',
    );
    expect(exec?.program).toBeUndefined();
    expect(stat?.program?.path).toBe('/bin/sh');
    expect(stat?.program?.argv).toEqual(['sh', '-c', 'a\nb']);
    expect(late?.program).toBe(stat?.program);
  });

  it('tells how a file was opened', async () => {
    const [access] = await both('1 open("/x", O_WRONLY|O_CREAT|O_TRUNC|O_APPEND, 0644) = 3\n');
    expect(access?.mode).toMatchObject({
      read: false,
      write: true,
      create: true,
      truncate: true,
      append: true,
      exclusive: false,
    });
  });

  it('sums up: lines, events, ends, and what it could not read', async () => {
    const reader = readAccesses(
      '1 open("/x", 0) = 3\nhello\n1 openat(77, "f", 0) = 4\n1 exit_group(300) = ?\n2 +++ killed by SIGSEGV (core dumped) +++\n3 +++ exited with 3 +++\n4 cl',
    );
    expect(() => reader.summary).toThrow('read to its end');
    for await (const _ of reader.batches()) {
      // only the summary is wanted
    }
    expect(reader.summary).toEqual({
      lines: 7,
      events: 5,
      unparsed: 1,
      unparsedLines: [{ line: 2, byteOffset: 20, reason: 'not a line of strace', text: 'hello' }],
      cut: { line: 7, byteOffset: 139, reason: 'cut', text: '4 cl' },
      foreign: undefined,
      stripped: new Map(),
      unresolved: 1,
      ioUrings: 0,
      exits: new Map<number, object>([
        [1, { how: 'exiting', status: 44 }],
        [2, { how: 'killed', signal: 'SIGSEGV', coreDumped: true }],
        [3, { how: 'exited', status: 3 }],
      ]),
      processes: [],
      endsInLine: true,
    });
  });

  it('gives the same as the stage over events, whatever the log', async () => {
    const call = fc.constantFrom(
      'open',
      'openat',
      'newfstatat',
      'execve',
      'rename',
      'fork',
      'chdir',
      'close',
      'getdents64',
      'bind',
    );
    const calls = fc.array(
      fc.tuple(call, fc.integer({ min: 1, max: 3 }), hostileString, fc.option(hostileString)),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(calls, async (list) => {
        const lines = list.map(([name, pid, text, rest]) =>
          rest === null
            ? `${pid} ${name}(3</d>, "/a", ${text}) = 0`
            : `${pid} ${name}(3</d>, "/a", ${text.replace(/[)\]}]/g, '')} <unfinished ...>\n${pid} <... ${name} resumed>${rest}) = 0`,
        );
        await both(lines.join('\n'));
      }),
      { numRuns: 300 },
    );
  });
});
