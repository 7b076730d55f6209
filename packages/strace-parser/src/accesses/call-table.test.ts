import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findCall } from './call-table.js';
import { readAccesses } from './read-accesses.js';

/** Names of calls that strace's own tables give to `-e trace=%file`; see the file's README. */
const FILE_CALLS = readFileSync(new URL('../../fixtures/file-calls.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

describe('calls with paths', () => {
  it.each(FILE_CALLS)('%s is one', (name) => expect(findCall(name)).toBeDefined());

  it('are all that strace knows', () => expect(FILE_CALLS.length).toBeGreaterThan(85));

  const PWD = 'chdir("/w") = 0\n';
  it.each<[string, string]>([
    ['fsconfig(3, FSCONFIG_SET_PATH, "source", "/dev/x", AT_FDCWD) = 0', 'mount /dev/x'],
    ['fsconfig(3, FSCONFIG_SET_PATH, "source", "x", 4</dev>) = 0', 'mount /dev/x'],
    ['fsconfig(3, FSCONFIG_SET_PATH_EMPTY, "lowerdir", "", 4</lower>) = 0', 'mount /lower'],
    ['fsconfig(3, FSCONFIG_SET_FD, "lowerdir+", NULL, 5</lower>) = 0', 'mount /lower'],
    ['fsconfig(3, FSCONFIG_SET_STRING, "source", "/dev/sda1", 0) = 0', 'mount /dev/sda1'],
    ['fsconfig(3, FSCONFIG_SET_STRING, "source", "tmpfs", 0) = 0', ''],
    ['fsconfig(3, FSCONFIG_SET_STRING, "mode", "/0755", 0) = 0', ''],
    ['fsconfig(3, FSCONFIG_CMD_CREATE, NULL, NULL, 0) = 0', ''],
    ['fsopen("ext4", FSOPEN_CLOEXEC) = 3', ''],
    ['fspick(AT_FDCWD, "m", FSPICK_CLOEXEC) = 3', 'open /w/m'],
    ['open_tree(AT_FDCWD, "m", OPEN_TREE_CLONE) = 5\nopenat(5, "f", O_RDONLY) = 6', 'open /w/m,open /w/m/f'],
    ['open_tree(4</m>, "", OPEN_TREE_CLONE|AT_EMPTY_PATH) = 5', 'open /m'],
    ['move_mount(4</m>, "", AT_FDCWD, "to", MOVE_MOUNT_F_EMPTY_PATH) = 0', 'mount /m,mount /w/to'],
    ['move_mount(AT_FDCWD, "a", AT_FDCWD, "b", 0) = 0', 'mount /w/a,mount /w/b'],
    ['mount_setattr(AT_FDCWD, "m", 0, {attr_set=0x1}, 32) = 0', 'change /w/m'],
    ['statmount({size=32, mnt_id=0x1, param=0x40}, {size=600, mnt_point="/m"}, 600, 0) = 0', ''],
    ['listmount({size=32, mnt_id=LSMT_ROOT, param=0}, [0x1, 0x2], 9, 0) = 2', ''],
    ['openat2(4</d>, "f", {flags=O_RDONLY, resolve=RESOLVE_BENEATH}, 24) = 5', 'open /d/f'],
    ['openat2(4</d>, "/f", {flags=O_RDONLY, resolve=RESOLVE_IN_ROOT}, 24) = 5', 'open /d/f'],
    ['openat2(AT_FDCWD, "/f", {flags=O_WRONLY|O_CREAT, mode=0600, resolve=0}, 24) = 5', 'write /f'],
    [
      'landlock_add_rule(3, LANDLOCK_RULE_PATH_BENEATH, {allowed_access=0x4, parent_fd=4</d>}, 0) = 0',
      'access /d',
    ],
    ['landlock_add_rule(3, LANDLOCK_RULE_NET_PORT, {allowed_access=0x1, port=80}, 0) = 0', ''],
    ['fanotify_mark(3, FAN_MARK_ADD|FAN_MARK_DONT_FOLLOW, FAN_OPEN, AT_FDCWD, "l") = 0', 'watch /w/l (link)'],
    ['fanotify_mark(3, FAN_MARK_ADD, FAN_OPEN, 4</d>, NULL) = 0', 'watch /d'],
    ['inotify_add_watch(3, "l", IN_MODIFY|IN_DONT_FOLLOW) = 1', 'watch /w/l (link)'],
    ['mknodat(AT_FDCWD, "n", S_IFIFO|0600) = 0', 'create /w/n (link)'],
    ['quotactl_fd(4</d>, QCMD(Q_GETQUOTA, USRQUOTA), 0, 0x1) = 0', 'stat /d'],
    [
      'name_to_handle_at(AT_FDCWD, "n", {handle_bytes=8, f_handle=0x1}, [7], AT_SYMLINK_FOLLOW) = 0',
      'stat /w/n',
    ],
    ['fchroot(4</r>, 0) = 0\nopen("/f", O_RDONLY) = 5', 'chroot /r,open /r/f'],
  ])('%s', async (calls, expected) => {
    const found: string[] = [];
    for await (const { action, path, follow } of readAccesses(`${PWD}${calls}\n`))
      found.push(`${action} ${path}${follow ? '' : ' (link)'}`);
    const own = found.slice(1).map((text) => text.replace(/^mount (.*) \(link\)$/, 'mount $1'));
    expect(own.join()).toBe(expected);
  });

  it('that go through io_uring are not in the log, and it is said that there was one', async () => {
    const reader = readAccesses('io_uring_setup(8, {flags=0}) = 3\nio_uring_setup(8, 0x1) = -1 ENOSYS (x)\n');
    for await (const _ of reader);
    expect(reader.summary.ioUrings).toBe(1);
  });
});

describe('times', () => {
  const accessesOf = async (log: string) => {
    const found: (number | undefined)[][] = [];
    for await (const { time, endTime, duration } of readAccesses(log)) found.push([time, endTime, duration]);
    return found;
  };

  it.each<[string, string, readonly (number | undefined)[][]]>([
    [
      'since the epoch, with a duration',
      '1 1700000000.123456 open("/a", O_RDONLY) = 3</a> <0.000012>\n',
      [[1700000000.123456, undefined, 0.000012]],
    ],
    [
      'of day, since the first, over midnight',
      '1 23:59:58.500000 chdir("/") = 0\n1 00:00:01.250000 open("/a", O_RDONLY) = 3\n1 00:00:02 stat("/b", {}) = 0\n',
      [
        [0, undefined, undefined],
        [2.75, undefined, undefined],
        [3.5, undefined, undefined],
      ],
    ],
    [
      'in halves, also over midnight',
      '1 23:59:59 chdir("/") = 0\n1 23:59:59 open("/a", O_RDONLY <unfinished ...>\n2 00:00:05 close(3) = 0\n1 00:00:06 <... open resumed>) = 3 <7.000001>\n',
      [
        [0, undefined, undefined],
        [0, 7, 7.000001],
      ],
    ],
    [
      'since the line before, exactly, over lines of no access',
      '1      0.000000 chdir("/") = 0\n1      0.000001 getpid() = 1\n1     12.000002 close(3) = 0\n1      0.000004 access("/a", R_OK) = 0\n',
      [
        [0, undefined, undefined],
        [12.000007, undefined, undefined],
      ],
    ],
    ['none', '1 open("/a", O_RDONLY) = 3</a>\n', [[undefined, undefined, undefined]]],
  ])('%s', async (_what, log, expected) => expect(await accessesOf(log)).toEqual(expected));
});
