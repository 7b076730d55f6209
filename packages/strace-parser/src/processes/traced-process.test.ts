import { expect, it } from 'vitest';
import { readAccesses } from '../index.js';

async function processesOf(log: string) {
  const reader = readAccesses(log);
  for await (const _access of reader);
  return reader.summary.processes.map(({ pid, parent, programs }) => [
    pid,
    parent,
    programs.map(({ path }) => path).join(' '),
  ]);
}

it.each<[string, string, readonly unknown[]]>([
  [
    'a process executes one program after the other, and its children theirs',
    `1 execve("/launcher", ["l"], 0x1) = 0
1 execve("/bin/sh", ["sh"], 0x1) = 0
1 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 2
2 execve("/none/cat", ["cat"], 0x1) = -1 ENOENT (No such file or directory)
2 execve("/bin/cat", ["cat"], 0x1) = 0
1 vfork() = 3
3 +++ exited with 0 +++
`,
    [
      [1, undefined, '/launcher /bin/sh'],
      [2, 1, '/bin/cat'],
      [3, 1, ''],
    ],
  ],
  [
    'a child that speaks before the clone returns',
    `1 execve("/bin/sh", ["sh"], 0x1) = 0
1 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>
2 execve("/bin/cat", ["cat"], 0x1) = 0
1 <... clone resumed>) = 2
`,
    [
      [1, undefined, '/bin/sh'],
      [2, 1, '/bin/cat'],
    ],
  ],
  [
    'threads are of their process, and so is what they start',
    `1 execve("/bin/java", ["java"], 0x1) = 0
1 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0}, 88) = 2
2 clone(child_stack=NULL, flags=SIGCHLD) = 3
3 execve("/bin/cat", ["cat"], 0x1) = 0
`,
    [
      [1, undefined, '/bin/java'],
      [3, 1, '/bin/cat'],
    ],
  ],
  [
    'a log without pids is one process',
    'execve("/bin/cat", ["cat"], 0x1) = 0\n',
    [[0, undefined, '/bin/cat']],
  ],
])('%s', async (_what, log, processes) => {
  expect(await processesOf(log)).toEqual(processes);
});
