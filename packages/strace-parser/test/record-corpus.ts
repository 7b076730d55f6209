/**
 * Records the corpus: small programs under the machine's own strace, with many sets of flags. A recording is
 * kept in .cache/ at the top of the repository as long as programs, flags and strace stay the same.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureTools } from './ensure-tools.ts';

const PROGRAMS = fileURLToPath(new URL('../../../test-fixtures/programs/', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../.cache/strace-parser/', import.meta.url));
export const CORPUS = join(CACHE, 'corpus');

const KEEPSET_FLAGS = '-f -y -s 4096 --seccomp-bpf -e trace=%file,%process,fchdir,getdents64';

/**
 * Flags by the name of the set. `stderr` ones are written there, as on a terminal; `set` ones are -ff. Only
 * `newer` ones may be unknown to the machine's strace; they are then left out, and the file `left-out` says so.
 */
const FLAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'every-call': {
    yy_v: '-f -yy -v',
    xx_tt: '-f -xx -tt -T -i -n',
    raw: '-f -X raw -s 8',
    verbose: '-f -X verbose -y',
    file: '-f -e trace=%file',
  },
  processes: {
    f: '-f',
    keepset: KEEPSET_FLAGS,
    daemon: `-D ${KEEPSET_FLAGS}`,
    // Not with -f: on a terminal strace puts its own lines into the middle of calls (see corpus.test.ts).
    stderr: '-y',
    'stderr-times': '-ttt -T -y',
    times: '-f -tt -r -T',
    nanoseconds: '-f --absolute-timestamps=format:unix,precision:ns --relative-timestamps=ns -T',
    seconds: '-f -t -a 1',
    'unix-seconds': '--absolute-timestamps=format:unix,precision:s',
    relative: '-r',
    pointers: '-f -i -n',
    stack: '-f -k -e trace=openat,clone3,execve',
    quiet: '-f -qq',
    quietest: '-f -e quiet=all',
    names: '-f --decode-pids=comm -y',
    counted: '-f -C',
    table: '-c',
    columns: '-c -U name,time-percent,total-time,calls,errors,min-time,max-time,avg-time -f',
    // Not with -f: strace then glues lines together now and then (see corpus.test.ts).
    found: '-z',
    failed: '-Z',
    'detached-set': '-ff -y',
    detach: '-f -b execve',
    'newer-pid': '--always-show-pid',
    'newer-colour': '-f --color=always',
    'newer-names': '-f -N -y',
    tips: '--tips=full -f',
  },
  'kernel-objects': {
    y: '-f -y',
    yy_v: '-f -yy -v',
    raw: '-f -X raw',
    verbose: '-f -X verbose -v',
    dumps: '-f -e read=all -e write=all',
    x: '-x',
    xx: '-xx -yy',
    s0: '-s 0 -f',
    s4096: '-s 4096 -v -f',
  },
  'hostile-names': {
    y: '-f -y',
    keepset: KEEPSET_FLAGS,
    bare: '-f',
    xx: '-f -xx -yy',
    x: '-f -x -y',
    verbose: '-f -X verbose -y',
    raw: '-f -X raw',
    stderr: '-f -y',
    set: '-ff',
  },
};

/** strace 6.1 crashes on rt_sigaction, number 13, in this set. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = { 'every-call.verbose': ['14', '470'] };

export default function setup(): void {
  ensureTools();
  const key = createHash('sha256').update(spawnSync('strace', ['--version']).stdout);
  for (const name of Object.keys(FLAGS)) key.update(readFileSync(join(PROGRAMS, `${name}.c`)));
  key.update(readFileSync(fileURLToPath(import.meta.url)));
  const digest = key.digest('hex');
  const stamp = join(CORPUS, 'stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;

  const fresh = `${CORPUS}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'keepset-corpus-'));
  for (const [name, sets] of Object.entries(FLAGS)) {
    const program = join(work, name);
    run('gcc', ['-O1', '-o', program, join(PROGRAMS, `${name}.c`), '-lpthread', '-lutil']);
    for (const [set, flags] of Object.entries(sets)) record(name, set, flags.split(' '), program, fresh);
  }
  rmSync(work, { recursive: true, force: true });
  if (readdirSync(fresh).length < 40) throw new Error(`the recording of the corpus in ${fresh} is not whole`);
  writeFileSync(join(fresh, 'stamp'), digest);
  rmSync(CORPUS, { recursive: true, force: true });
  renameSync(fresh, CORPUS);
}

function record(
  name: string,
  set: string,
  flags: readonly string[],
  program: string,
  directory: string,
): void {
  const log = join(directory, `${name}.${set}.log`);
  const here = mkdtempSync(join(tmpdir(), 'keepset-names-'));
  const output = /^stderr/.test(set) ? [] : ['-o', log];
  const args =
    name === 'hostile-names'
      ? [here, join(directory, `${name}.${set}.truth`)]
      : (ARGUMENTS[`${name}.${set}`] ?? []);
  const { stderr, unknown } = run('strace', [...flags, ...output, program, ...args]);
  if (unknown) {
    if (!set.startsWith('newer')) throw new Error(`strace ${flags.join(' ')}: ${stderr}`);
    appendFileSync(join(directory, 'left-out'), `${name}.${set}: strace ${flags.join(' ')}: ${stderr}`);
    rmSync(log, { force: true });
    return;
  }
  if (output.length === 0) writeFileSync(log, stderr);
  rmSync(here, { recursive: true, force: true });
}

function run(
  command: string,
  args: readonly string[],
): { readonly stderr: Buffer; readonly unknown: boolean } {
  const result = spawnSync(command, args, { maxBuffer: 1 << 28 });
  if (result.error !== undefined) throw result.error;
  if (command !== 'strace' && result.status !== 0) throw new Error(`${command}: ${result.stderr}`);
  return { stderr: result.stderr, unknown: String(result.stderr).includes("Try 'strace -h'") };
}
