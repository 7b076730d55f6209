import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '@keepset/docker-engine';
import type { Recording } from '@keepset/shrinker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { ownerHere } from '../src/inputs/session-folder.js';
import { runKeepset } from './run-keepset.ts';

const PROGRAM = new URL('../dist/keepset.js', import.meta.url).pathname;
const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'test-record-'));
const NAME = `keepset-test-record-${process.pid}`;
/** Two sources, so that there are two results. */
const [ONE, TWO] = [`${NAME}-one:1`, `${NAME}-two:1`];
let engine: Engine;

beforeAll(async () => {
  engine = opened.use(await connectTestEngine());
  const base = await ensureBase(engine);
  for (const tag of [ONE, TWO])
    await engine.buildImage(
      [{ header: { name: 'Dockerfile' }, content: Buffer.from(`FROM ${base}\nLABEL test=${tag}\n`) }],
      { tag },
    );
});
afterAll(async () => {
  for (const tag of [ONE, TWO].flatMap((each) => [each, `${each}-small`])) await engine.removeImage(tag);
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

/** What an earlier step writes, a later one reads, in another image. */
const PIPELINE = `
set -e
docker volume create ${NAME} > /dev/null
run() { docker run --rm -v ${NAME}:/data -e TOKEN=hush-hush "$@"; }
run ${ONE} sh -c 'seq 1 10 > /data/numbers'
run -u nobody -w /data ${TWO} perl -ne '$s += $_; END { print "sum $s\\n" }' numbers
docker run -d --name ${NAME} -v ${NAME}:/data ${TWO} sleep 60 > /dev/null
docker exec -w /data ${NAME} sort -n numbers | tail -n 1
docker rm -f ${NAME} > /dev/null
docker volume rm ${NAME} > /dev/null
`;

const recordingOf = (name: string): Recording =>
  JSON.parse(readFileSync(join(folder, name, 'recording.json'), 'utf8'));

async function leftovers(): Promise<readonly string[]> {
  const dry = await runKeepset(folder, ['prune', '--dry-run'], { TMPDIR: folder });
  return dry.stdout.split('\n').filter((line) => line.includes('keepset-recording-'));
}

describe('a pipeline of several steps and images', () => {
  it('does what it does, and is recorded', async () => {
    const { status, stdout, stderr } = await runKeepset(folder, [
      'record',
      '-o',
      'run',
      '--',
      'sh',
      '-c',
      PIPELINE,
    ]);
    expect(stderr).toContain('recorded  3 containers of 2 images');
    expect(stderr).toContain('next      keepset shrink --recorded run');
    expect([status, stdout]).toEqual([0, 'sum 55\n10\n']);
    const { images, containers, untraced } = recordingOf('run');
    expect(images.map(({ references }) => references)).toEqual([[ONE], [TWO]]);
    expect(containers.map(({ exitStatus }) => exitStatus)).toEqual([0, 0, 137]);
    expect(containers[2]?.execs).toMatchObject([
      {
        command: ['sort', '-n', 'numbers'],
        exitStatus: 0,
        stdout: { sizeBytes: 21 },
        stderr: { sizeBytes: 0 },
      },
    ]);
    expect(untraced).toEqual([]);
  });

  it("is the owner's alone, and holds no value of a variable", () => {
    const files = readdirSync(join(folder, 'run'), { recursive: true, encoding: 'utf8' });
    expect(files.sort()).toEqual(
      ['recording.json', 'traces', ...recordingOf('run').images.map(({ traceFile }) => traceFile)].sort(),
    );
    for (const name of files) expect(statSync(join(folder, 'run', name)).mode & 0o077).toBe(0);
    const text = readFileSync(join(folder, 'run', 'recording.json'), 'latin1');
    expect(text).toContain('TOKEN');
    expect(text).not.toContain('hush-hush');
  });

  it('has a small image for each source, on which it does the same', async () => {
    const made = await runKeepset(folder, ['shrink', '--recorded', 'run']);
    expect(made.stderr).toContain('verified  no: nothing was run again');
    expect(made.status).toBe(0);
    const { images } = JSON.parse(readFileSync(join(folder, 'run', 'keepset.images.json'), 'utf8'));
    expect(images.map((each: { result: { tags: string[] } }) => each.result.tags)).toEqual([
      [`${ONE}-small`],
      [`${TWO}-small`],
    ]);
    for (const { source, result } of images) expect(result.sizeBytes).toBeLessThan(source.sizeBytes / 5);
    const script = PIPELINE.replaceAll(':1 ', ':1-small ');
    const { stdout } = await runKeepset(folder, ['record', '-q', '-o', 'again', 'sh', '-c', script]);
    expect(stdout).toBe('sum 55\n10\n');
    expect(new Set(recordingOf('again').images.flatMap(({ references }) => references))).toEqual(
      new Set([`${ONE}-small`, `${TWO}-small`]),
    );
  });

  it('leaves nothing of keepset behind', async () => {
    expect(await leftovers()).toEqual([]);
  });
});

it('an image of which something ran untraced is left alone', async () => {
  const script = `docker run --rm ${ONE} true; docker run --rm --pid host ${ONE} true`;
  const recorded = await runKeepset(folder, ['record', '-o', 'untraced', '--', 'sh', '-c', script]);
  expect(recorded.stderr).toContain(`untraced  ${ONE} true: it shares the processes of host`);
  const { stderr, status } = await runKeepset(folder, ['shrink', '--recorded', 'untraced']);
  expect(stderr).toContain(`left      ${ONE}: a program of it ran untraced: it shares the processes of host`);
  expect(status).toBe(0);
});

it('a container that mounts the socket it was given has the engine, and what it does there is unseen', async () => {
  const ask =
    "use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new('/engine') or die; print $s qq(GET /_ping HTTP/1.0\\r\\n\\r\\n); print <$s>";
  const script = `docker create --name ${NAME} -v \${DOCKER_HOST#unix://}:/engine ${ONE} perl -e "$ASK" > id
    docker inspect -f '{{(index .Mounts 0).Source}}' ${NAME}; docker start -a ${NAME}; docker rm ${NAME} > id`;
  const { stdout, stderr } = await runKeepset(folder, ['record', '-o', 'socket', '--', 'sh', '-c', script], {
    ASK: ask,
  });
  expect(stdout).toContain(`${engine.details.address.replace('unix://', '')}\nHTTP/1.0 200 OK`);
  expect(stderr).toContain(`unseen    what ${NAME} started by itself: it had the socket of an engine`);
});

it('what is started when the traces have reached their bound runs untraced', async () => {
  const script = `docker run -d --name ${NAME} ${ONE} sleep 60 > id; sleep 8; docker run --rm ${TWO} echo two; docker exec ${NAME} echo three; docker rm -f ${NAME} > id`;
  const args = ['record', '-o', 'bound', '--traces-max', '1k', '--', 'sh', '-c', script];
  const { stdout, stderr } = await runKeepset(folder, args);
  expect(stdout).toBe('two\nthree\n');
  for (const what of [`${TWO} echo two`, `${NAME} ${ONE} echo three`])
    expect(stderr).toContain(`untraced  ${what}: the traces before it had reached their bound`);
});

it('many containers at a time are recorded, each', async () => {
  const script = `for n in $(seq 1 50); do docker run --rm ${ONE} sh -c "exit $n" & p="$p $!"; done; for each in $p; do wait $each; done`;
  const { stderr } = await runKeepset(folder, ['record', '-o', 'many', '--', 'sh', '-c', script]);
  expect(stderr).toContain('recorded  50 containers of 1 image');
  const statuses = recordingOf('many').containers.map(({ exitStatus }) => exitStatus ?? -1);
  expect(statuses.sort((one, other) => one - other)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
}, 300_000);

describe("COMMAND's end is its own", () => {
  it.each([
    [['sh', '-c', 'exit 7'], 7],
    [['sh', '-c', 'kill -TERM $$'], 143],
    [['no-such-program-x'], 127],
  ])('%j ends with %i', async (command, expected) => {
    const { status } = await runKeepset(folder, ['record', '-o', `end-${expected}`, '--', ...command]);
    expect(status).toBe(expected);
    expect(recordingOf(`end-${expected}`)).toMatchObject({ exitStatus: expected, containers: [] });
  });

  it('a signal is passed on, and what had run is recorded', async () => {
    const script = `trap 'docker rm -f ${NAME} >/dev/null; exit 9' TERM; docker run -d --name ${NAME} ${ONE} sleep 60; sleep 60 & wait`;
    const child = spawn(process.execPath, [PROGRAM, 'record', '-o', 'signal', '--', 'sh', '-c', script], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [status] = await once(child, 'close');
    expect(status).toBe(9);
    expect(recordingOf('signal').containers).toMatchObject([{ name: NAME, exitStatus: 137 }]);
    expect(await leftovers()).toEqual([]);
  });

  it('killed at once, it leaves what prune removes, and the container runs on', async () => {
    // Somebody else's session goes on: the toolbox, which other tests use, stays.
    mkdtempSync(join(folder, `keepset-${ownerHere()}-`));
    const script = `docker run -d --name ${NAME} ${ONE} sh -c 'sleep 4; echo done' > id; echo up; exec sleep 5`;
    const child = spawn(process.execPath, [PROGRAM, 'record', '-o', 'killed', '--', 'sh', '-c', script], {
      cwd: folder,
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { stdout } = await runKeepset(folder, ['prune'], { TMPDIR: folder });
    expect(stdout).not.toContain('keepset-recording-');
    const docker = async (args: readonly string[]) => {
      const asking = spawn('docker', args, { stdio: ['ignore', 'pipe', 'ignore'] });
      return Buffer.concat(await Array.fromAsync(asking.stdout)).toString();
    };
    expect(await docker(['wait', NAME])).toBe('0\n');
    expect(await docker(['logs', NAME])).toBe('done\n');
    await docker(['rm', NAME]);
    expect((await runKeepset(folder, ['prune'], { TMPDIR: folder })).stdout).toContain(
      'volume keepset-recording-',
    );
  });
});

describe('what cannot be', () => {
  it('a folder with something in it', async () => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full', 'x'), '');
    const { status, stderr } = await runKeepset(folder, ['record', '-o', 'full', 'true']);
    expect([status, stderr.split('\n')[0]]).toEqual([2, 'keepset: -o: full is not empty']);
  });

  it('an engine that is reached by ssh: it is said what to do', async () => {
    const environment = { DOCKER_HOST: 'ssh://me@example.invalid', DOCKER_CONTEXT: '' };
    const { status, stderr } = await runKeepset(folder, ['record', '-o', 'ssh', 'true'], environment);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "'ssh://me@example.invalid' is not reached by a socket\n  Forward its socket first:",
    );
  });

  const write = (name: string, text: string) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'recording.json'), text);
  };
  const VALID = {
    recordingVersion: 1,
    tool: { name: 'keepset', version: '1' },
    program: 'x',
    exitStatus: 0,
    images: [],
    containers: [],
    untraced: [],
  };
  const image = { references: ['a'], id: `sha256:${'0'.repeat(64)}`, architecture: 'amd64' };

  it.each([
    ['nothing', undefined, 'holds no recording'],
    ['no JSON', '{', 'cannot be read'],
    ['a newer one', JSON.stringify({ ...VALID, recordingVersion: 2 }), 'it is of version 2'],
    ['something more', JSON.stringify({ ...VALID, more: 1 }), 'cannot be read'],
    [
      'a file elsewhere',
      JSON.stringify({ ...VALID, images: [{ ...image, traceFile: 'traces/../../etc/passwd.trace' }] }),
      'images.0.traceFile: expected traces/NAME.trace',
    ],
    [
      'a control character',
      JSON.stringify({ ...VALID, images: [{ ...image, references: ['\u001b[2J'] }] }),
      'it may hold no control character',
    ],
  ])('a recording of %s', async (name, text, expected) => {
    if (text !== undefined) write(name, text);
    const { status, stderr } = await runKeepset(folder, ['shrink', '--recorded', name]);
    expect(status).toBe(1);
    expect(stderr).toContain(expected);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  });

  it.each([
    [['shrink', '--recorded', 'run', 'debian'], "unexpected argument 'debian'"],
    [['shrink', '--recorded', 'run', '-t', 'x'], '--tag is for one image'],
    [['shrink', '--recorded', 'run', '--suffix', '/x'], '--suffix /x: not valid'],
    [['shrink', '--suffix=-x', '-t', 'x', 'debian'], '--suffix is for --recorded DIR'],
    [['record', '--', 'true'], 'no folder given'],
    [['record', '-o', 'x', '--traces-max', 'much', 'true'], '--traces-max much: not a size'],
    [['record', '--prove', 'x', '--traces-max', '1g', 'true'], '--traces-max is for a recording'],
    [['record', '-o', 'x'], 'no command given'],
  ])('%j', async (args, expected) => {
    const { status, stderr } = await runKeepset(folder, args);
    expect(status).toBe(2);
    expect(stderr).toContain(expected);
  });
});
