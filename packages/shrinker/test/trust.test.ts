import { type AddressInfo, createServer } from 'node:net';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { checkLocked, shrink } from '../src/index.js';
import { exportTree, notOfTheSource } from './exported-tree.ts';
import { runHere, runsOf, shrinkHere } from './shrink-here.ts';

const NAME = `keepset/test-trust-${process.pid}`;
/** How often each program that varies by itself is shrunk. */
const ROUNDS = Number(process.env.KEEPSET_TRUST_ROUNDS ?? 1);
let engine: Engine;
let base: string;
let image: string;
/** What is in it. */
let source: ReturnType<typeof exportTree> | undefined;

const DOCKERFILE = [
  'RUN mkdir /data && for name in a b c; do echo "content of $name" >/data/$name; done && ln -s data /link',
  `RUN printf '#!/usr/bin/perl\\nprint "from perl\\\\n";\\n' >/usr/bin/script && chmod 755 /usr/bin/script`,
];

beforeAll(async () => {
  engine = await connectTestEngine();
  base = await ensureBase(engine);
  const content = Buffer.from([`FROM ${base}`, ...DOCKERFILE].join('\n'));
  image = `${NAME}:source`;
  await engine.buildImage([{ header: { name: 'Dockerfile' }, content }], { tag: image });
});

afterAll(async () => {
  for (const tag of ['source', 'small']) await engine.removeImage(`${NAME}:${tag}`);
  await engine[Symbol.asyncDispose]();
});

const shell = (script: string) => ['sh', '-c', script];

/** What runs share though each starts from the same state: a server that answers each who asks with a number, from 1. */
async function startCounter() {
  let count = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(`${++count}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe('a keep list that lacks something is repaired, and without repair there is no result', () => {
  it.each<[string, readonly string[], RegExp, string]>([
    ['a file', ['cat', '/data/a'], /^\/data\/a$/, '/data/a'],
    ['a link on the way', ['cat', '/link/a'], /^\/link$/, '/link'],
    ['a whole directory', shell('cat /data/a /data/b'), /^\/data/, '/data/b'],
    ['the dynamic loader', ['cat', '/data/a'], /ld-linux|ld-musl/, '/usr/lib'],
    ['a library', ['cat', '/data/a'], /libc\.so/, '/usr/lib'],
    ['the interpreter of a script', ['/usr/bin/script'], /^\/usr\/bin\/perl$/, '/usr/bin/perl'],
    ['the program itself', ['perl', '-e', 'print 1'], /^\/usr\/bin\/perl$/, '/usr/bin/perl'],
    [
      'a directory in which the run makes a file',
      shell('echo x >/var/cache/x && cat /var/cache/x'),
      /^\/var\/cache$/,
      '/var/cache',
    ],
    [
      'a file that decides without being opened',
      shell('[ -e /data/c ] && echo yes || echo no'),
      /^\/data\/c$/,
      '/data/c',
    ],
  ])('%s', async (_what, command, lacking, repaired) => {
    // Other tests verify whole lists.
    const whole = await shrinkHere(engine, { image, command, verify: false });
    const locked = whole.result.keepList
      .split('\n')
      .filter((line) => !lacking.test(line))
      .join('\n');
    expect(locked).not.toBe(whole.result.keepList);

    const failing = shrinkHere(engine, { image, command, locked, tags: [`${NAME}:small`] });
    await expect(failing).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
    expect(await engine.inspectImage(`${NAME}:small`)).toBeUndefined();

    const { result } = await shrinkHere(engine, { image, command, locked, repairRounds: 3 });
    const paths = result.repairs.map(({ path }) => path);
    expect(
      paths.some((path) => path.startsWith(repaired)),
      paths.join(' '),
    ).toBe(true);
    const [ours, theirs] = [await runHere(engine, image, command), await runHere(engine, result.id, command)];
    expect(theirs).toEqual(ours);
    source ??= exportTree(engine, image);
    const exported = await exportTree(engine, result.id);
    expect(notOfTheSource(await source, exported, result.manifest)).toEqual([]);
    await engine.removeImage(result.id);
    await engine.removeImage(whole.result.id);
  });
});

describe('what no trace could tell is found by repair', () => {
  it('a directory of which the names count', async () => {
    const request = { image, command: ['ls', '/data'] };
    await expect(shrinkHere(engine, { ...request, repairRounds: 0 })).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringContaining('line 1 of standard output is'),
      details: expect.arrayContaining(['--- standard output of the source', '-a']),
    });
    const { result } = await shrinkHere(engine, request);
    expect(result.repairs.map(({ path }) => path)).toEqual(['/data/a', '/data/b', '/data/c']);
    expect(result.keepList).toContain('/data/a\trepaired\n');
    await engine.removeImage(result.id);

    // A new trace cannot tell of it either: the list is no less right.
    const streams = { onOutput: () => {}, onEvent: () => {} };
    const locked = { locked: result.keepList };
    const { drift } = await checkLocked(engine, { ...request, ...locked, runs: runsOf(request) }, streams);
    expect(drift).toEqual({ added: [], removed: [] });
    const again = await shrinkHere(engine, { ...request, ...locked });
    expect(again.result).toMatchObject({ id: result.id, keepList: result.keepList });
    await engine.removeImage(again.result.id);
  });

  it('a branch that was not taken while the trace was made', async () => {
    await using asked = await startCounter();
    const script = `exec 3<>/dev/tcp/127.0.0.1/${asked.port}; read -r count <&3; [ $count = 1 ] || exec cat /data/b; cat /data/a`;
    const request = { image, command: ['bash', '-c', script], options: { network: 'host' } };
    const { result, stdout } = await shrinkHere(engine, request);
    expect(stdout).toBe('content of a\n');
    expect(result.repairs).toMatchObject([{ round: 1, path: '/data/b', reasons: [{ errno: 'ENOENT' }] }]);
    expect(result.keepList).toContain('/data/a\n');
    await engine.removeImage(result.id);
  });

  it('but what the user drops stays away, and the result is refused', async () => {
    const command = shell('[ -e /data/c ] && echo yes || echo no');
    const failing = shrinkHere(engine, { image, command, keep: { drop: ['/data/c'] } });
    await expect(failing).rejects.toMatchObject({ code: 'VERIFICATION_FAILED' });
  });
});

describe('files that are written are compared', () => {
  const count = (file: string) => `set -- /data/*; echo $# >${file}`;

  it.each<[string, string, RegExp]>([
    ['one byte in a new file', count('/out'), /the file \/out differs from line 1 on/],
    [
      'one byte in a file below a new directory',
      `mkdir -p /a/b && ${count('/a/b/out')}`,
      /\/a\/b\/out differs/,
    ],
    ['one byte in a file of the image', count('/etc/motd'), /\/etc\/motd differs/],
    ['a file that is not written', 'set -- /data/*; [ $# -eq 1 ] || echo x >/out', /\/out was not written/],
    [
      'a file too many',
      'set -- /data/*; [ $# -gt 1 ] || echo x >/out',
      /\/out was written, and by the source not/,
    ],
    ['a mode', 'echo x >/out; set -- /data/*; chmod 60$# /out', /\/out has the mode 0601 instead of 0603/],
    ['an owner', 'echo x >/out; set -- /data/*; chown $# /out', /\/out has the owner 1:0 instead of 3:0/],
    ['where a link leads', 'set -- /data/*; ln -s to-$# /out', /\/out leads to "to-1" instead of "to-3"/],
    [
      'a file that is deleted',
      'set -- /data/*; [ $# -eq 1 ] || rm /etc/motd',
      /\/etc\/motd was written, and by the source not/,
    ],
  ])('%s', async (_what, script, message) => {
    const request = { image, command: shell(script), repairRounds: 0 };
    await expect(shrinkHere(engine, request)).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it('also in volumes, those of the container and those that runs share', async () => {
    const name = `keepset-test-trust-shared-${process.pid}`;
    await engine.ensureVolume(name);
    try {
      for (const volume of [['/volume'], [`${name}:/volume`]]) {
        const options = { volume };
        const failing = shrinkHere(engine, {
          image,
          command: shell(count('/volume/out')),
          options,
          repairRounds: 0,
        });
        await expect(failing).rejects.toMatchObject({
          message: expect.stringMatching(/\/volume\/out differs/),
        });
        const unwritten = shell('set -- /data/*; [ $# -eq 1 ] || echo x >/volume/other');
        const missing = shrinkHere(engine, { image, command: unwritten, options, repairRounds: 0 });
        await expect(missing).rejects.toMatchObject({
          message: expect.stringMatching(/\/volume\/other was not written/),
        });
      }
    } finally {
      await engine.removeVolume(name);
    }
  });

  it('but for those that the user does not want compared, nor what matches in the output', async () => {
    const request = { image, command: shell(`${count('/out')}; echo $#; echo end`), repairRounds: 0 };
    const { result } = await shrinkHere(engine, {
      ...request,
      ignoreFiles: ['/out'],
      ignoreOutput: [/^\d$/],
    });
    expect(result.verification.masked).toEqual([]);
    await engine.removeImage(result.id);
    await expect(shrinkHere(engine, { ...request, ignoreFiles: ['/out'] })).rejects.toThrow(
      /standard output/,
    );
  });
});

describe('programs that vary by themselves raise no alarm', () => {
  const VARYING: readonly [string, string][] = [
    ['time stamps', 'date; date +%s.%N; date --iso-8601=ns >/log; cat /proc/uptime'],
    ['random temporary names', 'name=$(mktemp -d); echo $name; echo x >$name/file; mktemp /tmp/other.XXXXXX'],
    [
      'process ids',
      '(echo $$; sh -c "echo \\$PPID"; : | sh -c "echo pid \\$\\$") | cat; cat /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/uuid',
    ],
    [
      'hash order',
      `perl -e '%h = map { ("key$_", 1) } 1 .. 6; print join(" ", keys %h), "\\n"; print "$_\\n" for keys %h'`,
    ],
    ['interleaving', 'for name in a b c d; do (echo "$name begins"; echo "$name ends") & done; wait'],
    [
      'random bytes in a file',
      'head -c 64 /dev/urandom >/key; head -c 9 /dev/urandom | base64 >/text; echo done',
    ],
    ['an address', `perl -e 'print \\my $x, "\\n"'`],
  ];
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round + 1);

  it.each(VARYING.flatMap((each) => rounds.map((round) => [...each, round] as const)))(
    '%s',
    async (what, script) => {
      const { result } = await shrinkHere(engine, { image, command: shell(script) });
      expect(result.repairs).toEqual([]);
      // Threads may come by in the same order each time.
      if (what !== 'interleaving') expect(result.verification.masked).not.toEqual([]);
      await engine.removeImage(result.id);
    },
  );

  it('and hide no difference beside them', async () => {
    const script = 'date; mktemp; set -- /data/*; echo $# files; echo $# >/out; date >/log';
    const failing = shrinkHere(engine, { image, command: shell(script), repairRounds: 0 });
    await expect(failing).rejects.toMatchObject({
      message: expect.stringMatching(
        /line 3 of standard output is "1 files" instead of "3 files"; the file \/out differs/,
      ),
    });
  });
});

describe('several commands', () => {
  const runs = [
    { name: 'a', command: ['cat', '/data/a'] },
    { name: 'b', command: shell('cat /link/b; echo x >/out') },
  ];

  it('are each traced, and all do the same in one result', async () => {
    const { result, stdout } = await shrinkHere(engine, { image, runs });
    expect(stdout).toBe('content of a\ncontent of b\n');
    expect(result).toMatchObject({ verified: true, verification: { files: { exactly: 1 } }, repairs: [] });
    const runsOf = (path: string) => {
      const reasons = result.manifest.plan.kept.get(path as never)?.reasons ?? [];
      return [...new Set(reasons.map((reason) => (reason.kind === 'access' ? reason.run : reason.rule)))];
    };
    expect([runsOf('/data/a'), runsOf('/data/b')]).toEqual([['a'], ['b']]);
    for (const { command } of runs)
      expect(await runHere(engine, result.id, command)).toEqual(await runHere(engine, image, command));
    const locked = await shrinkHere(engine, { image, runs, locked: result.keepList });
    expect(locked.result.id).toBe(result.id);
    await engine.removeImage(result.id);
  });

  it('read the same standard input', async () => {
    const both = ['first', 'second'].map((name) => ({
      name,
      command: ['cat'],
      options: { interactive: true },
    }));
    const pieces: string[] = [];
    const result = await shrink(
      engine,
      { image, runs: both, tags: [], version: 'test' },
      {
        onOutput: ({ bytes }) => void pieces.push(Buffer.from(bytes).toString()),
        onEvent() {},
        stdin: (async function* () {
          yield Buffer.from('of the caller\n');
        })(),
      },
    );
    expect(pieces.join('')).toBe('of the caller\nof the caller\n');
    await engine.removeImage(result.id);
  });

  it('of which one fails make no image, and it is named', async () => {
    const failing = shrinkHere(engine, { image, runs: [...runs, { name: 'c', command: ['false'] }] });
    await expect(failing).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
      message: expect.stringMatching(/of the run 'c' failed/),
    });
  });

  it('that are held out tell whether the result serves for them, and what it lacks', async () => {
    const checks = [
      { name: 'same', command: ['cat', '/data/a'] },
      { name: 'other', command: ['perl', '-e', 'print 1'] },
    ];
    const request = { image, command: ['cat', '/data/a'], checks, tags: [`${NAME}:small`] };
    await expect(shrinkHere(engine, request)).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining("does not serve for 'other', of 2 held-out runs"),
      details: expect.arrayContaining(['  lacks /usr/bin/perl (deb:perl-base)']),
    });
    expect(await engine.inspectImage(`${NAME}:small`)).toBeUndefined();
    const { result } = await shrinkHere(engine, { ...request, tags: [], checksAdvise: true });
    expect(result.heldOut).toMatchObject([
      { name: 'same', differences: [], missing: [] },
      { name: 'other', differences: [{ kind: 'not-started' }] },
    ]);
    expect(result.keepList).not.toContain('/usr/bin/perl');
    await engine.removeImage(result.id);
  });
});

describe('a run that may have been too little', () => {
  const kindsOf = async (request: Parameters<typeof shrinkHere>[1]) => {
    const { result } = await shrinkHere(engine, request);
    await engine.removeImage(result.id);
    return result.signs.map(({ kind }) => kind);
  };

  it('is told: a shell alone, a server that was never asked, a laboratory of which nothing was used', async () => {
    expect(await kindsOf({ image, command: shell('echo hello') })).toEqual(['only-launcher']);
    const lab = [
      `FROM ${base}`,
      'RUN mkdir -p /opt/lab/share /srv/notebooks && head -c 30000000 /dev/zero >/opt/lab/share/app.js && echo 1 >/srv/notebooks/a',
      'WORKDIR /srv/notebooks',
      'EXPOSE 8888',
    ].join('\n');
    const content = Buffer.from(lab);
    await engine.buildImage([{ header: { name: 'Dockerfile' }, content }], { tag: `${NAME}:lab` });
    try {
      const request = { image: `${NAME}:lab`, command: ['perl', '-e', 'print 1'], tags: [`${NAME}:small`] };
      expect(await kindsOf({ ...request, tags: [] })).toEqual([
        'server-not-asked',
        'software-unused',
        'workdir-unused',
      ]);
      await expect(shrinkHere(engine, { ...request, strict: true })).rejects.toMatchObject({
        code: 'OVER_SHRUNK',
        message: expect.stringContaining('8888/tcp'),
        details: expect.arrayContaining([expect.stringContaining('/opt/lab (30 MB)')]),
      });
      expect(await engine.inspectImage(`${NAME}:small`)).toBeUndefined();
    } finally {
      await engine.removeImage(`${NAME}:lab`);
    }
  });

  it('is told: two traced runs that used other files, both of which stay', async () => {
    await using asked = await startCounter();
    const script = `exec 3<>/dev/tcp/127.0.0.1/${asked.port}; read -r count <&3; [ $count = 1 ] || { echo second; exec cat /data/b; }; echo first; cat /data/a`;
    const request = { image, command: ['bash', '-c', script], options: { network: 'host' } };
    const { result, stdout } = await shrinkHere(engine, { ...request, traceTwice: true, verify: false });
    expect(stdout).toMatch(/^first\n/);
    expect(stdout).not.toContain('second');
    expect(result.signs).toContainEqual(
      expect.objectContaining({ kind: 'runs-differ', message: expect.stringContaining('/data') }),
    );
    expect(result.keepList).toContain('/data/a\n/data/b\n');
    await engine.removeImage(result.id);
  });

  it.each(['demo', 'research'] as const)('is not told of the %s image', async (name) => {
    expect(await kindsOf({ image: await ensureImage(engine, name) })).toEqual([]);
  });
});
