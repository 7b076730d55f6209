import { readFileSync } from 'node:fs';
import { type Container, type Engine, runProgram } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { connectForbidden } from '../test/forbidding-engine.ts';
import {
  openSubject,
  type Run,
  runPlain,
  runTraced,
  type Subject,
  withoutNoNewPrivileges,
} from '../test/run-both.ts';

let engine: Engine;
let subject: Subject;

beforeAll(async () => {
  engine = await connectTestEngine();
  subject = await openSubject(engine, await ensureImage(engine, 'fidelity'));
});
afterAll(async () => await engine?.[Symbol.asyncDispose]());

const RIGHTS = '/fidelity/rights';
const STREAM = ['sh', '-c', 'echo out; echo err >&2; echo more; cat /fidelity/data/3'];

interface Case extends Run {
  readonly title: string;
  /** Paths that the program used. */
  readonly expected: readonly string[];
  readonly exitStatus?: number;
  /** What the plain run prints, to show that the case is what it says. */
  readonly prints?: RegExp;
}

/** Rights, ids and surroundings: what `rights` prints must be equal, line by line. */
const RIGHTS_CASES: readonly Case[] = [
  {
    title: 'root, by default, with its groups',
    command: [RIGHTS],
    expected: [RIGHTS],
    prints: /^Groups:\t.*2501/m,
  },
  { title: 'process 1', command: [RIGHTS], expected: [RIGHTS], prints: /^process 1 of 0$/m },
  {
    title: 'a named user with HOME and groups',
    command: [RIGHTS],
    options: { user: 'jo' },
    expected: [RIGHTS],
    prints: /^Uid:\t1500[\s\S]*Groups:\t1500 2500 2501[\s\S]*HOME \/home\/jo/m,
  },
  {
    title: 'a named user and group',
    command: [RIGHTS],
    options: { user: 'jo:extra' },
    expected: [RIGHTS],
    prints: /^Gid:\t2500/m,
  },
  {
    title: 'a user given by number',
    command: [RIGHTS],
    options: { user: '1500' },
    expected: [RIGHTS],
    prints: /HOME \/home\/jo/,
  },
  {
    title: 'a user without an entry in passwd',
    command: [RIGHTS],
    options: { user: '1234:5678' },
    expected: [RIGHTS],
    prints: /^Uid:\t1234[\s\S]*Gid:\t5678[\s\S]*HOME \//m,
  },
  {
    title: 'added groups, by name and number',
    command: [RIGHTS],
    options: { user: '1234:5678', groupAdd: ['extra', '777'] },
    expected: [RIGHTS],
    prints: /^Groups:\t.*777.*2500/m,
  },
  {
    title: 'an added group of root',
    command: [RIGHTS],
    options: { groupAdd: ['777'] },
    expected: [RIGHTS],
    prints: /^Groups:\t.*777/m,
  },
  {
    title: 'HOME given by the caller',
    command: [RIGHTS],
    options: { user: 'jo', env: ['HOME=/elsewhere'] },
    expected: [RIGHTS],
    prints: /HOME \/elsewhere/,
  },
  {
    title: 'the working directory and a relative path',
    command: ['sh', '-c', 'cat data/1; exec /fidelity/rights'],
    options: { workdir: '/fidelity' },
    expected: [RIGHTS, '/fidelity/data/1'],
    prints: /folder \/fidelity/,
  },
  {
    title: 'variables, with blanks and line ends',
    command: [RIGHTS, 'A', 'B', 'PATH'],
    options: { env: ['A=1 2', 'B=x\nHOME=/false'] },
    expected: [RIGHTS],
    prints: /A=1 2\nB=x/,
  },
  {
    title: 'no-new-privileges',
    command: [RIGHTS],
    options: { securityOpt: ['no-new-privileges'] },
    expected: [RIGHTS],
  },
  {
    title: 'no capability at all',
    command: [RIGHTS],
    options: { capDrop: ['ALL'] },
    expected: [RIGHTS],
    prints: /^CapBnd:\t0+$/m,
  },
  {
    title: 'no capability but one',
    command: [RIGHTS],
    options: { capDrop: ['ALL'], capAdd: ['NET_ADMIN'] },
    expected: [RIGHTS],
  },
  {
    title: 'one capability dropped, one that tracing needs',
    command: [RIGHTS],
    options: { capDrop: ['SETUID', 'cap_chown'] },
    expected: [RIGHTS],
  },
  {
    title: 'SYS_PTRACE, granted by the caller',
    command: [RIGHTS],
    options: { capAdd: ['SYS_PTRACE'] },
    expected: [RIGHTS],
  },
  {
    title: 'all capabilities dropped, of a named user',
    command: [RIGHTS],
    options: { user: 'jo', capDrop: ['ALL'] },
    expected: [RIGHTS],
  },
  {
    title: 'a program for another C library',
    command: ['/fidelity/musl-rights'],
    options: { user: 'jo' },
    expected: ['/fidelity/musl-rights'],
  },
  {
    title: 'a setuid program',
    command: ['/fidelity/setuid-rights'],
    options: { user: 'jo' },
    seccompFilter: false,
    expected: ['/fidelity/setuid-rights'],
    prints: /effective 0 1500/,
  },
  {
    title: 'a setuid program started by another',
    command: ['sh', '-c', 'true; exec /fidelity/setuid-rights'],
    options: { user: '1234:5678' },
    seccompFilter: false,
    expected: ['/fidelity/setuid-rights'],
    prints: /effective 0 5678/,
  },
  {
    title: 'a program with a capability of its own',
    command: ['/fidelity/capable-rights'],
    options: { user: 'jo' },
    seccompFilter: false,
    expected: ['/fidelity/capable-rights'],
    prints: /^CapEff:\t0000000000000400/m,
  },
  {
    title: 'a setuid program under no-new-privileges',
    command: ['/fidelity/setuid-rights'],
    options: { user: 'jo', securityOpt: ['no-new-privileges'] },
    expected: ['/fidelity/setuid-rights'],
    prints: /effective 1500/,
  },
];

const OUTPUT_CASES: readonly Case[] = [
  {
    title: 'standard output and error',
    command: STREAM,
    expected: ['/fidelity/data/3'],
    prints: /content 3/,
  },
  {
    title: 'exit status 3',
    command: ['sh', '-c', 'cat /fidelity/data/3; exit 3'],
    expected: ['/fidelity/data/3'],
    exitStatus: 3,
  },
  {
    title: 'exit status 126',
    command: ['sh', '-c', 'cat /fidelity/data/3; /fidelity/data/3'],
    expected: ['/fidelity/data/3'],
    exitStatus: 126,
    prints: /Permission denied/,
  },
  {
    title: 'exit status 127',
    command: ['sh', '-c', 'cat /fidelity/data/3; no-such-program'],
    expected: ['/fidelity/data/3'],
    exitStatus: 127,
    prints: /not found/,
  },
  {
    title: 'an end by KILL',
    command: ['sh', '-c', "cat /fidelity/data/3; sh -c 'kill -KILL $$'"],
    expected: ['/fidelity/data/3'],
    exitStatus: 137,
  },
  {
    title: 'an end by TERM',
    command: ['sh', '-c', "cat /fidelity/data/3; sh -c 'kill -TERM $$'"],
    expected: ['/fidelity/data/3'],
    exitStatus: 143,
  },
  {
    title: 'an end by a fault of process 1',
    command: ['perl', '-e', 'open F, "/fidelity/data/3"; unpack "p", pack "Q", 8'],
    expected: ['/fidelity/data/3'],
    exitStatus: 139,
  },
  {
    title: "a program's own complaint in the words of the launcher's",
    command: ['sh', '-c', 'env no-such-program; setpriv --no-such-option; echo done; cat /fidelity/data/3'],
    expected: ['/fidelity/data/3'],
    prints: /env: .*no-such-program[\s\S]*setpriv: /,
  },
  {
    title: 'a complaint in the words of strace',
    command: ['sh', '-c', 'echo "strace: not permitted by ptrace" >&2; cat /fidelity/data/3; exit 5'],
    expected: ['/fidelity/data/3'],
    exitStatus: 5,
  },
  {
    title: 'standard input',
    command: ['sh', '-c', 'wc -c; cat /fidelity/data/3'],
    options: { interactive: true },
    stdin: 'x'.repeat(300_000),
    expected: ['/fidelity/data/3'],
    prints: /300000/,
  },
  {
    title: 'standard input that nobody reads',
    command: ['cat', '/fidelity/data/3'],
    options: { interactive: true },
    stdin: 'x'.repeat(300_000),
    expected: ['/fidelity/data/3'],
  },
  {
    title: 'a terminal',
    command: ['sh', '-c', 'test -t 0 && test -t 1 && echo terminal $TERM; cat /fidelity/data/3'],
    options: { tty: true },
    expected: ['/fidelity/data/3'],
    prints: /terminal xterm/,
  },
  {
    title: 'no terminal',
    command: ['sh', '-c', 'test -t 0 || test -t 1 || test -t 2 || echo none; cat /fidelity/data/3'],
    expected: ['/fidelity/data/3'],
    prints: /none/,
  },
  {
    title: 'a read-only tree',
    command: ['sh', '-c', 'echo x >/file; cat /fidelity/data/3'],
    options: { readOnly: true },
    expected: ['/fidelity/data/3'],
    prints: /Read-only file system/,
  },
  {
    title: 'a folder in memory',
    command: [
      'sh',
      '-c',
      'echo x >/run/there/file && cat /run/there/file; stat -c %a /run/there; cat /fidelity/data/3',
    ],
    options: { tmpfs: ['/run/there:mode=0700'], readOnly: true },
    expected: ['/fidelity/data/3', '/run/there/file'],
    prints: /x\n700/,
  },
  {
    title: 'a grandchild that left its parents',
    command: ['/fidelity/daemon'],
    expected: ['/fidelity/data/7'],
    prints: /says 1/,
  },
  {
    title: '300 short processes',
    command: ['/fidelity/many'],
    expected: Array.from({ length: 50 }, (_, at) => `/fidelity/data/${at + 1}`),
    prints: /^0 processes failed/,
  },
  {
    title: '50 threads',
    command: ['/fidelity/threads'],
    expected: Array.from({ length: 50 }, (_, at) => `/fidelity/data/${at + 1}`),
    prints: /^0 threads failed/,
  },
  {
    title: 'vfork and posix_spawn',
    command: ['/fidelity/spawn'],
    expected: ['/fidelity/data/1', '/fidelity/data/2', '/bin/cat'],
    prints: /content 1\ncontent 2/,
  },
  {
    title: 'the limits',
    command: ['sh', '-c', 'ulimit -a; cat /fidelity/data/3'],
    // Podman raises the limit of processes, which not every machine lets it, where only another one is given.
    options: { ulimit: ['nofile=333:444', 'nproc=1024:1024'] },
    expected: ['/fidelity/data/3'],
    // A rootless Podman goes by its own configuration.
    prints: /nofiles.* (333|1024)/,
  },
  {
    title: 'LD_PRELOAD, in the program and its children only',
    command: ['sh', '-c', 'cat /fidelity/data/3'],
    options: { env: ['LD_PRELOAD=/fidelity/preload.so'], user: 'jo' },
    expected: ['/fidelity/preload.so', '/fidelity/data/3'],
    prints: /loaded into sh/,
  },
  {
    title: 'LD_LIBRARY_PATH, as given',
    command: ['sh', '-c', 'echo $LD_LIBRARY_PATH; cat /fidelity/data/3'],
    options: { env: ['LD_LIBRARY_PATH=/fidelity'] },
    expected: ['/fidelity/data/3'],
    prints: /^\/fidelity$/m,
  },
  {
    title: 'an ENTRYPOINT given by the caller',
    command: ['/fidelity/data/3'],
    options: { entrypoint: '/bin/cat' },
    expected: ['/fidelity/data/3'],
  },
  { title: "the image's own command", command: [], expected: [RIGHTS] },
];

describe.each([
  ['has the same rights', RIGHTS_CASES],
  ['says and does the same', OUTPUT_CASES],
])('a traced program %s as an untraced one', (_, cases) => {
  it.each(cases)('$title', async (example) => {
    const [plain, traced] = await Promise.all([runPlain(subject, example), runTraced(subject, example)]);
    if (example.prints) expect(plain.output).toMatch(example.prints);
    // Two pipes keep no order between them.
    expect(withoutNoNewPrivileges(traced.stdout)).toBe(withoutNoNewPrivileges(plain.stdout));
    expect(traced.stderr).toBe(plain.stderr);
    expect(traced.exitStatus).toBe(plain.exitStatus);
    expect(traced.exitStatus).toBe(example.exitStatus ?? 0);
    expect(traced.complaint).toBe('');
    expect(traced.launched).toBe(true);
    expect(traced.seen).toEqual(expect.arrayContaining([...example.expected]));
    expect(traced.summary.unparsedLines).toEqual([]);
  });
});

describe('a program that cannot be executed', () => {
  it.each([
    ['is not there', ['no-such-program'], 127, /No such file/],
    ['may not be executed', ['/fidelity/data/3'], 126, /Permission denied/],
    [
      'is not there, with LD_PRELOAD',
      ['no-such-program'],
      127,
      /No such file/,
      ['LD_PRELOAD=/fidelity/preload.so'],
    ],
  ])(
    'is told as a complaint, not as output, when it %s',
    async (_, command, exitStatus, reason, env = []) => {
      for (const tty of [false, true]) {
        const traced = await runTraced(subject, { command, options: { env, tty } });
        expect(traced.launched).toBe(false);
        expect(traced.complaint).toMatch(reason);
        expect(traced.output).toBe('');
        expect(traced.exitStatus).toBe(exitStatus);
      }
    },
  );
});

describe('what the engine or the caller does not allow', () => {
  it('a user that the image has not is an error', async () => {
    const run = runTraced(subject, { command: ['true'], options: { user: 'nobody-of-this-name' } });
    await expect(run).rejects.toMatchObject({ code: 'USER_NOT_FOUND' });
  });

  it('a seccomp profile without ptrace is an error that says so', async () => {
    const profile = {
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['ptrace'], action: 'SCMP_ACT_ERRNO' }],
    };
    const options = { securityOpt: [`seccomp=${JSON.stringify(profile)}`] };
    await expect(runTraced(subject, { command: ['true'], options })).rejects.toMatchObject({
      code: 'TRACE_REFUSED',
    });
  });
});

describe('an engine that forbids added rights', () => {
  it.each([
    ['a named user', { user: 'jo' }],
    ['a user without an entry in passwd', { user: '1234:5678' }],
    ['root', {}],
  ])('lets strace run as the program of %s, with the same rights and files', async (_, options) => {
    await using forbidden = await connectForbidden();
    const run = {
      command: ['sh', '-c', 'cat data/1; exec /fidelity/rights'],
      options: { ...options, workdir: '/fidelity' },
    };
    const plain = await runPlain(subject, run);
    const traced = await runTraced({ ...subject, engine: forbidden }, run);
    expect(withoutNoNewPrivileges(traced.stdout)).toBe(withoutNoNewPrivileges(plain.stdout));
    expect(traced).toMatchObject({ stderr: '', exitStatus: 0, complaint: '', asOwnUser: true });
    expect(traced.seen).toEqual(expect.arrayContaining([RIGHTS, '/fidelity/data/1']));
  });

  it('has programs gain nothing, and says that it is so', async () => {
    await using forbidden = await connectForbidden();
    const run = { command: ['/fidelity/setuid-rights'], options: { user: 'jo' }, seccompFilter: false };
    const traced = await runTraced({ ...subject, engine: forbidden }, run);
    expect(traced.stdout).toMatch(/effective 1500/);
    expect(traced.asOwnUser).toBe(true);
    expect((await runTraced(subject, run)).asOwnUser).toBe(false);
  });
});

it('a program that uses io_uring falls back, and its file is in the trace', async () => {
  const tag = `keepset/test-io-uring:${process.pid}`;
  await engine.buildImage(
    [
      {
        header: { name: 'Dockerfile' },
        content: Buffer.from(`FROM ${subject.image.id}\nCOPY ring /\nCOPY file /cases/io-uring/\n`),
      },
      { header: { name: 'ring', mode: 0o755 }, content: await compile('io-uring.c', 'expect.h') },
      { header: { name: 'file' }, content: Buffer.from('ring') },
    ],
    { tag },
  );
  const ring = await openSubject(engine, tag);
  // Docker's own profile of newer versions forbids io_uring, and so would hide what this shows.
  const run = { command: ['/ring'], options: { securityOpt: ['seccomp=unconfined'] } };
  const plain = await runPlain(ring, run);
  const traced = await runTraced(ring, run);
  await ring.reader[Symbol.asyncDispose]();
  await engine.removeImage(tag);
  expect([traced.output, traced.exitStatus]).toEqual([plain.output, 0]);
  expect(traced.seen).toContain('/cases/io-uring/file');
});

/** A program of the rules fixture, compiled in a container. */
async function compile(main: string, ...headers: string[]): Promise<Buffer> {
  const folder = new URL('../../../test-fixtures/images/rules/programs/', import.meta.url);
  const { container } = subject.reader;
  const files = [main, ...headers].map((name) => ({
    header: { name },
    content: readFileSync(new URL(name, folder)),
  }));
  await container.putFiles('/tmp', files);
  await runProgram(container, { command: ['/usr/bin/gcc', '-O1', '-o', '/tmp/compiled', `/tmp/${main}`] });
  for await (const { content } of (await container.getFiles('/tmp/compiled')) ?? [])
    return Buffer.concat(await Array.fromAsync(content));
  throw new Error('nothing was compiled');
}

it('a static program of a FROM scratch image is traced, with no user, no shell and no library there', async () => {
  const scratch = await openSubject(engine, await ensureImage(engine, 'static'));
  for (const user of ['', '1234:5678']) {
    const run = { command: ['/proc/self/status', 'Cap'], options: { user } };
    const plain = await runPlain(scratch, run);
    expect(await runTraced(scratch, run)).toMatchObject({ ...plain, complaint: '', exitStatus: 0 });
  }
  const { seen } = await runTraced(scratch, { command: [] });
  expect(seen.filter((path) => !path.startsWith('/proc/'))).toEqual(['/bin/show', '/data', '/data']);
});

describe('a program that waits until it has no child left', () => {
  const command = ['perl', '-e', 'for (1, 2) { fork or exit } 1 while wait > 0; print "alone\n"'];

  it('would wait for its tracer, which is an error', async () => {
    expect((await runPlain(subject, { command })).stdout).toBe('alone\n');
    await expect(runTraced(subject, { command })).rejects.toMatchObject({ code: 'TRACER_AWAITED' });
  });

  it('has none under an init', async () => {
    const traced = await runTraced(subject, { command, options: { init: true } });
    expect(traced).toMatchObject({ stdout: 'alone\n', exitStatus: 0 });
  });
});

it("the image's own loader variables act on the program alone", async () => {
  const metadata = await openSubject(engine, await ensureImage(engine, 'metadata'));
  const run = {
    command: ['/fidelity/rights', 'LD_PRELOAD', 'LD_LIBRARY_PATH', 'TAR_OPTIONS', 'POSIXLY_CORRECT'],
  };
  const plain = await runPlain(metadata, run);
  const traced = await runTraced(metadata, run);
  expect(plain.stderr).toBe('loaded into rights\n');
  expect(withoutNoNewPrivileges(traced.stdout)).toBe(withoutNoNewPrivileges(plain.stdout));
  expect(traced).toMatchObject({ stderr: plain.stderr, exitStatus: 0, identity: { uid: 1234, gid: 5678 } });
});

it('a run that is over leaves no container', async () => {
  const made: Container[] = [];
  const watched: Engine = {
    ...engine,
    async createContainer(config, role) {
      const container = await engine.createContainer(config, role);
      made.push(container);
      return container;
    },
  };
  const options = { groupAdd: ['777'] };
  await runTraced({ ...subject, engine: watched }, { command: ['true'], options });
  const failed = runTraced(
    { ...subject, engine: watched },
    { command: ['true'], options: { sysctl: ['net.there.is.none=1'] } },
  );
  await expect(failed).rejects.toBeDefined();
  expect(made.length).toBeGreaterThanOrEqual(3);
  // A container that is there has a root folder.
  const roots = await Promise.all(made.map((container) => container.statPath('/')));
  expect(roots.filter((root) => root !== undefined)).toEqual([]);
});
