/**
 * Records the logs that the questions are asked of: a program that knows what it did, and others, under many sets of flags.
 * A recording is kept in .cache/ at the top of the repository as long as programs, flags and strace stay the same.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from '../../../test-fixtures/ensure-programs.ts';

const PROGRAM = fileURLToPath(new URL('../../../test-fixtures/programs/known-deeds.c', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../.cache/strace-tools/', import.meta.url));
export const LOGS = join(CACHE, 'logs');

/** Of the program that knows what it did. Those that end in `*` show all that the questions want to know. */
export const DEED_FLAGS: Readonly<Record<string, string>> = {
  'everything*': '-f -ttt -T -yy -v -s 4096',
  'microseconds*': '-f -tt -T -yy -v',
  'relative*': '-f -r -T -yy -v',
  'nanoseconds*': '-f -ttt --syscall-times=ns -yy -v',
  'bare*': '-f -ttt -T -v',
  'hexadecimal*': '-f -xx -ttt -T -yy -v',
  'pointers*': '-f -n -i -ttt -T -yy -v',
  'names*': '-f -Y -ttt -T -yy -v',
  'milliseconds*': '-f --absolute-timestamps=format:unix,precision:ms --syscall-times=ms -yy -v',
  'non-ascii*': '-f --strings-in-hex=non-ascii -ttt -T -yy -v',
  'wide*': '-f -a 100 -s 20 -ttt -T -yy -v',
  quiet: '-f -e quiet=attach,exit,personality -ttt -T -yy -v',
  'uninterruptible*': '-f -I 2 -ttt -T -yy -v',
  'both-times': '-f -t -r -y',
  seconds: '-f -t -T',
  network: '-f -e trace=%network,%process,close,read,write -yy -ttt',
  descriptors: '-f -e trace=%desc -y -T',
  failed: '-f -e status=failed -y -T',
  unsuccessful: '-f -e status=failed,unfinished,unavailable -tt',
  'no-signals': '-f -e signal=none -y -T',
  verbose: '-f --const-print-style=verbose -ttt -T',
  raw: '-f -e raw=openat,read,write -ttt',
  unabbreviated: '-f -e abbrev=none -e verbose=none -y',
  injected: '-f -e inject=getpid:retval=42 -y -T',
  faults: '-f -e fault=unlink:error=EPERM -y -ttt',
  delayed: '-f -e inject=mkdir:delay_exit=2000 -ttt -T -y',
  environment: '-f -E KEEPSET_TEST=yes -v -e trace=execve -ttt',
  paths: '-f -P written -P moved -y -tt',
  dumps: '-f -e read=3 -e write=3 -y -ttt',
  stack: '-f -k -ttt -T -e trace=connect,sendto,accept',
  counted: '-f -w -c -S time',
  mixed: '-f -C -S name -U name,calls,errors,total-time -T',
  devices: '-f --decode-fds=path,dev -s 0 -tt',
  'every-descriptor': '-f --decode-fds=all -x -r',
  set: '-ff -ttt -T -yy -v',
};

const NODE_SCRIPT =
  'const fs = require("fs"); fs.writeFileSync("n", "x".repeat(9)); fs.readFileSync("n"); setTimeout(() => {}, 5)';
/** Programs of every Debian, and Node. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  shell: [
    'sh',
    '-c',
    'for i in 1 2 3; do echo $i | sed s/1/2/ | sort > out; done; cat out none; kill -TERM $$',
  ],
  bash: [
    'bash',
    '-c',
    'x=$(ls /etc | head -3); (sleep 0.01) & wait; echo "$x" >(cat > p); exec cat /etc/os-release',
  ],
  tar: ['sh', '-c', 'tar cf a.tar /etc/os-release /etc/passwd 2>&1 | cat; gzip a.tar; tar tzf a.tar.gz'],
  find: ['find', '/etc', '-maxdepth', '1', '-newer', '/etc/passwd', '-exec', 'ls', '-ld', '{}', '+'],
  perl: [
    'perl',
    '-e',
    'open(F, ">p"); print F "x" x 70000; close F; fork or exit 4; wait; unlink "p"; -e "q" or die',
  ],
  awk: ['awk', 'BEGIN { while (("ls /" | getline line) > 0) n++; print n; system("true") }'],
  node: [process.execPath, '-e', NODE_SCRIPT],
};
const COMMAND_FLAGS: Readonly<Record<string, string>> = {
  'yy-ttt-T': '-f -yy -ttt -T',
  'file-process': '-f --seccomp-bpf -e trace=%file,%process,%signal -y -tt -T',
  regex: '-f -e trace=/^(open|read|write|close|exec|clone) -ttt -T',
  'v-r': '-f -v -r -x -s 64',
};

/** The flags of a log, by its name. */
export function flagsOf(log: string): string {
  const [what = '', set = ''] = log.split('.');
  return (
    (what === 'deeds'
      ? (DEED_FLAGS[set] ?? DEED_FLAGS[`${set}*`] ?? DEED_FLAGS['everything*'])
      : COMMAND_FLAGS[set]) ?? ''
  );
}

export default async function setup(): Promise<void> {
  await ensurePackages('strace', 'strace');
  await ensurePackages('gcc', 'gcc', 'libc6-dev');
  const key = createHash('sha256').update(spawnSync('strace', ['--version']).stdout);
  key.update(readFileSync(PROGRAM)).update(readFileSync(fileURLToPath(import.meta.url)));
  const digest = key.digest('hex');
  const stamp = join(LOGS, 'stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;

  const fresh = `${LOGS}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'keepset-deeds-'));
  const program = join(work, 'known-deeds');
  const compiled = spawnSync('gcc', ['-O1', '-o', program, PROGRAM], { encoding: 'utf8' });
  if (compiled.status !== 0) throw new Error(`gcc: ${compiled.stderr}`);
  const deeds = Object.entries(DEED_FLAGS).map(([set, flags]) => ({
    name: `deeds.${set.replace('*', '')}`,
    flags,
  }));
  for (const { name, flags } of [...deeds, { name: 'deeds.more', flags: DEED_FLAGS['everything*'] ?? '' }]) {
    // One place for all, so that runs can be compared.
    const directory = join(work, 'here');
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory);
    const more = name === 'deeds.more' ? ['more'] : [];
    record(fresh, name, flags, [program, directory, join(fresh, `${name}.truth`), ...more]);
    writeFileSync(join(fresh, `${name}.directory`), directory);
  }
  for (const [what, command] of Object.entries(COMMANDS))
    for (const [set, flags] of Object.entries(COMMAND_FLAGS))
      record(fresh, `${what}.${set}`, flags, command, work);
  rmSync(work, { recursive: true, force: true });
  writeFileSync(join(fresh, 'stamp'), digest);
  rmSync(LOGS, { recursive: true, force: true });
  renameSync(fresh, LOGS);
}

function record(
  directory: string,
  name: string,
  flags: string,
  command: readonly string[],
  cwd?: string,
): void {
  const log = join(directory, `${name}.log`);
  const { error, stderr, status } = spawnSync('strace', [...flags.split(' '), '-o', log, ...command], {
    cwd,
    encoding: 'utf8',
    input: '',
  });
  if (error !== undefined) throw error;
  if (status === 1 && stderr.startsWith('strace: ')) throw new Error(`strace ${flags}: ${stderr}`);
}
