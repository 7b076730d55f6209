// Which system calls a container runtime makes between setting a container's seccomp profile and starting its program, as
// strace sees them: for the table in packages/hardening/src/runtime-calls.ts. Wants root, gcc, strace and the runtime.
// crun refuses a machine with both kinds of control groups: run it in `unshare -m`, with
// /sys/fs/cgroup/unified unmounted.
//   node bench/runtime-calls.ts [--runtime runc|crun] [--starts N]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: { runtime: { type: 'string', default: 'runc' }, starts: { type: 'string', default: '20' } },
});
const { runtime } = flags;
/** Of the program that is started. */
const STATUS = 7;
/** crun wants a manager of control groups otherwise. */
const COMMAND = runtime === 'crun' ? ['crun', '--cgroup-manager=disabled'] : [runtime];
const SOURCES = new URL('../test-fixtures/images/rights/', import.meta.url).pathname;

/** Creates a container under strace, and starts it: the words of the runtime, then `--`, then the command. */
const STARTED = `
start=
while [ "$1" != -- ]; do start="$start $1"; shift; done
shift
"$@" & until $start start "$0" 2>/dev/null; do sleep 0.1; done; wait $!`;

/** The filter is set, and not only asked whether it could be. */
const FILTER = /^\d+ +(?:seccomp\(SECCOMP_SET_MODE_FILTER|prctl\(PR_SET_SECCOMP)(?!.*(?:NULL|EFAULT))/;

interface Kind {
  /** start: created first, as engines do. */
  readonly how: 'run' | 'start' | 'exec';
  readonly noNewPrivileges: boolean;
  readonly user: number;
}

const bundle = mkdtempSync(join(tmpdir(), 'keepset-runtime-'));
try {
  mkdirSync(join(bundle, 'rootfs'));
  for (const name of ['exit', 'stay'])
    run([
      'gcc',
      '-static',
      '-nostdlib',
      '-O1',
      '-o',
      join(bundle, 'rootfs', name),
      join(SOURCES, `${name}.c`),
    ]);
  run([runtime, 'spec'], bundle);
  cpSync(join(bundle, 'config.json'), join(bundle, 'spec.json'));
  for (const noNewPrivileges of [true, false])
    for (const user of [0, 1000])
      for (const how of ['run', 'start', 'exec'] as const) {
        const kind = { how, noNewPrivileges, user };
        const seen = new Set<string>();
        for (let start = 0; start < Number(flags.starts); start++)
          for (const name of callsOf(kind, start)) seen.add(name);
        console.log(`${JSON.stringify(kind)}: ${[...seen].sort().join(' ')}`);
      }
} finally {
  rmSync(bundle, { recursive: true, force: true });
}

function run([program = '', ...args]: readonly string[], cwd?: string): void {
  const { status, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    ...(cwd !== undefined && { cwd }),
  });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

/** Start once under strace: what is called from the filter to the program. */
function callsOf({ how, noNewPrivileges, user }: Kind, start: number): readonly string[] {
  const spec = JSON.parse(readFileSync(join(bundle, 'spec.json'), 'utf8'));
  Object.assign(spec.process, {
    terminal: false,
    args: [how === 'exec' ? '/stay' : '/exit'],
    noNewPrivileges,
    user: { uid: user, gid: user, additionalGids: [1, 2] },
    capabilities: { bounding: [], effective: [], permitted: [] },
    rlimits: [],
  });
  delete spec.linux.resources;
  spec.linux.seccomp = {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: ['SCMP_ARCH_X86_64'],
    syscalls: [{ names: ['kexec_load'], action: 'SCMP_ACT_ERRNO' }],
  };
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec));
  const name = `keepset-${process.pid}-${start}`;
  const log = join(bundle, 'log');
  const trace = ['strace', '-f', '-qq', '-o', log, ...COMMAND];
  const commands = {
    run: [...trace, 'run', '-b', bundle, name],
    start: ['sh', '-c', STARTED, name, ...COMMAND, '--', ...trace, 'create', '-b', bundle, name],
    exec: [
      ...trace,
      'exec',
      ...(noNewPrivileges && runtime === 'crun' ? ['--no-new-privs'] : []),
      name,
      '/exit',
    ],
  };
  const [program = '', ...args] = commands[how];
  if (how === 'exec')
    spawnSync(COMMAND[0] ?? '', [...COMMAND.slice(1), 'run', '-d', '-b', bundle, name], { stdio: 'ignore' });
  const ended = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  // What is only created has ended well before its program begins.
  if (ended.status !== (how === 'start' ? 0 : STATUS))
    throw new Error(`${runtime} ended with ${ended.status}: ${ended.stderr}`);
  spawnSync(COMMAND[0] ?? '', [...COMMAND.slice(1), 'delete', '-f', name], { stdio: 'ignore' });
  return afterFilter(readFileSync(log, 'latin1').split('\n'));
}

/** Of the process that set the filter, and its threads. */
function afterFilter(lines: readonly string[]): readonly string[] {
  const at = lines.findLastIndex((line) => FILTER.test(line));
  if (at < 0) throw new Error('no filter was set');
  const threads = threadsOf(lines, /^\d+/.exec(lines[at] ?? '')?.[0] ?? '');
  const calls: string[] = [];
  for (const line of lines.slice(at + 1)) {
    const [, thread = '', name] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (name === undefined || !threads.has(thread)) continue;
    calls.push(name);
    if (name === 'execve' && /"\/(?:exit|stay)"/.test(line)) break;
  }
  return calls;
}

function threadsOf(lines: readonly string[], first: string): ReadonlySet<string> {
  const begun = new Set<string>();
  const pairs: (readonly [string, string])[] = [];
  for (const line of lines) {
    const [, parent = '', rest = ''] = /^(\d+) +(?:clone3?\(|<\.\.\. clone3? resumed>)(.*)/.exec(line) ?? [];
    const child = /= (\d+)$/.exec(rest)?.[1];
    if (rest.includes('CLONE_THREAD') && rest.includes('unfinished')) begun.add(parent);
    else if (child !== undefined && (rest.includes('CLONE_THREAD') || begun.delete(parent)))
      pairs.push([parent, child]);
  }
  const threads = new Set([first]);
  for (let size = 0; size !== threads.size; ) {
    size = threads.size;
    for (const pair of pairs)
      if (pair.some((thread) => threads.has(thread))) for (const thread of pair) threads.add(thread);
  }
  return threads;
}
