import { TOOLBOX_FOLDER } from '@keepset/toolbox';
import { expect, it } from 'vitest';
import { type Launch, splitLaunches } from './split-launches.js';

const BEGIN = `execve("${TOOLBOX_FOLDER}/loader", ["${TOOLBOX_FOLDER}/loader", "--library-path", "${TOOLBOX_FOLDER}/lib", "${TOOLBOX_FOLDER}/bin/setpriv", "--", "x"], 0x1 /* 3 vars */) = 0`;

async function split(text: string) {
  const launches: (Launch & { text: string })[] = [];
  let written = '';
  async function* lines() {
    yield* text.split('\n');
  }
  await splitLaunches(lines(), {
    async begin() {
      written = '';
    },
    async write(more) {
      written += more;
    },
    async end(launch) {
      launches.push({ ...launch, text: written });
    },
  });
  return launches;
}

it.each([
  ['exit_group(3)                     = ?', 3, true],
  ['exit_group(-1)                    = ?', 255, true],
  ['exit_group(0 <unfinished ...>', 0, true],
  ['exit_group(1)  = ?\n1     +++ exited with 1 +++', 1, true],
  ['+++ killed by SIGSEGV (core dumped) +++', 137, true],
  ['openat(AT_FDCWD</>, "/x", O_RDONLY) = 3', 137, true],
])('one that ends by %s', async (end, exitStatus, isLaunched) => {
  const [launch, ...others] = await split(
    `1     ${BEGIN}\n1     execve("/bin/x", ["x"], 0x2) = 0\n1     ${end}`,
  );
  expect(others).toEqual([]);
  expect(launch).toMatchObject({ exitStatus, isLaunched });
});

it('one whose program could not be executed', async () => {
  const text = `1     ${BEGIN}\n1     execve("/bin/x", ["x"], 0x2) = -1 ENOENT (No such file)\n1     exit_group(127) = ?`;
  expect(await split(text)).toMatchObject([{ exitStatus: 127, isLaunched: false }]);
});

it('several in one file, each with its own lines', async () => {
  const one = `7     ${BEGIN}\n7     execve("/a", ["a"], 0x2) = 0\n8     exit_group(9) = ?\n7     exit_group(1) = ?\n`;
  const other = `12    ${BEGIN}\n12    execve("/b", ["b"], 0x2) = 0\n12    exit_group(2) = ?\n`;
  const launches = await split(one + other);
  expect(launches.map(({ exitStatus }) => exitStatus)).toEqual([1, 2]);
  expect(launches.map(({ text }) => text).join('')).toBe(`${one}${other}\n`);
});

it('what was there before is none', async () => {
  expect(await split('1 open("/x") = 3\nstrace: Process 7 attached')).toEqual([]);
});
