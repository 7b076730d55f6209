import { execFile, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Engine } from '@keepset/docker-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureBase, ensureImage } from '../../../test-fixtures/images.ts';
import { startSlurm } from '../../../test-fixtures/slurm.ts';
import { SWARM_IMAGE, SWARM_MOUNTS, startSwarm } from '../../../test-fixtures/swarm.ts';
import { PROGRAM, runKeepset } from './run-keepset.ts';

const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'test-fleet-'));
const NAME = `keepset-test-fleet-${process.pid}`;
const made = new Set<string>();
let engine: Engine;
let base: string;

beforeAll(async () => {
  engine = opened.use(await connectTestEngine());
  base = await ensureBase(engine);
});
afterAll(async () => {
  for (const name of made) await engine.removeImage(name);
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

interface FleetTask {
  readonly name: string;
  readonly state: string;
  readonly exceeds: readonly string[];
  readonly outcome?: {
    readonly round: number;
    readonly error?: { readonly code: string };
    readonly result?: { readonly id: string };
  };
}

/** A folder with a fleet of these commands, by the names of their tasks. */
function makeFleet(
  name: string,
  commands: Readonly<Record<string, string>>,
  further = '',
  image = base,
): string {
  const place = join(folder, name);
  mkdirSync(place);
  const entries = Object.entries(commands).map(([task, command]) => {
    const tag = `${NAME}-${name}:${task}`;
    made.add(tag);
    return `  - ${JSON.stringify({ image, name: task, command, tag })}\n`;
  });
  writeFileSync(
    join(place, 'fleet.yaml'),
    `images:\n${entries.join('')}results: { manifests: manifests }\n${further}`,
  );
  return place;
}

async function fleet(
  place: string,
  words: readonly string[],
  environment?: Readonly<Record<string, string>>,
) {
  const { status, stdout, stderr } = await runKeepset(place, ['fleet', ...words, '--json'], environment);
  const { tasks = [], ...others } = stdout === '' ? {} : JSON.parse(stdout);
  const byName = new Map((tasks as FleetTask[]).map((task) => [task.name, task]));
  return { status, stderr, tasks: byName, ...others };
}

const statesOf = ({ tasks }: { tasks: ReadonlyMap<string, FleetTask> }) =>
  Object.fromEntries([...tasks].map(([name, { state }]) => [name, state]));

const COMMANDS = { sort: 'sort /etc/passwd', perl: "perl -e 'print 1'", fails: 'sort /nowhere' };

describe('here', () => {
  let place: string;
  let ids: readonly (string | undefined)[];

  it('does what there is to do, names what failed, and goes on', async () => {
    place = makeFleet('here', COMMANDS, 'policies: { maxSize: 4m }\n');
    const planned = await fleet(place, ['plan']);
    expect(statesOf(planned)).toEqual({ sort: 'waiting', perl: 'waiting', fails: 'waiting' });
    expect(existsSync(join(place, 'fleet-record'))).toBe(false);
    const run = await fleet(place, ['run', '--jobs', '2']);
    expect(statesOf(run)).toEqual({ sort: 'done', perl: 'done', fails: 'failed' });
    expect(run.status).toBe(1);
    expect(run.causes).toMatchObject([{ code: 'COMMAND_FAILED', names: ['fails'] }]);
    expect(run.tasks.get('perl')?.exceeds).toEqual(['size']);
    expect(readdirSync(join(place, 'manifests')).sort()).toEqual(['perl.json', 'sort.json']);
    expect(readdirSync(join(place, 'fleet-record/work'))).toEqual([]);
    ids = ['sort', 'perl'].map((name) => run.tasks.get(name)?.outcome?.result?.id);
    expect((await engine.inspectImage(`${NAME}-here:sort`))?.id).toBe(ids[0]);
  });

  it('does nothing that is done, and again what is wanted', async () => {
    const file = join(place, 'fleet.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('/nowhere', '/etc/group'));
    const run = await fleet(place, ['run']);
    expect([...run.tasks.values()].map(({ name, outcome }) => [name, outcome?.round])).toEqual([
      ['sort', 1],
      ['perl', 1],
      ['fails', 2],
    ]);
    expect(run.status).toBe(3);
    const again = await fleet(place, ['run', '--again', '--only', 's*']);
    expect(again.tasks.get('sort')?.outcome).toMatchObject({ round: 3, result: { id: ids[0] } });
  });

  it('a task is a command that one can run by hand', async () => {
    const { tasks } = await fleet(place, ['plan', '--only', 'sort']);
    const { command } = tasks.get('sort') as unknown as { command: string[] };
    const { stdout, status } = await runKeepset(place, command);
    expect([status, JSON.parse(stdout).id]).toEqual([0, ids[0]]);
  });

  it('has a page over all of it, and the questions of archives', async () => {
    for (const page of ['fleet.html', 'fleet.md'])
      expect((await runKeepset(place, ['fleet', 'report', '-o', page])).stderr).toBe('');
    expect(readFileSync(join(place, 'fleet.html'), 'utf8')).toContain('<td>perl-base</td><td>deb</td>');
    const markdown = readFileSync(join(place, 'fleet.md'), 'utf8');
    expect(markdown).toMatch(/\| 3 \| \S+ \| local \| 3 \| 3 \| 0 \|/);
    expect(markdown).toMatch(/shared layers&#58; 3 results of .* where they share them .* 0 were made so/);
    const { stdout } = await runKeepset(place, ['affected', '--in', 'manifests', 'pkg:deb/debian/perl-base']);
    expect(stdout).toContain('manifests/perl.json');
    const exported = await runKeepset(place, [
      'export',
      '--format',
      'sqlite',
      '--in',
      'manifests',
      '-o',
      'tables',
    ]);
    expect([exported.status, exported.stderr]).toEqual([
      0,
      expect.stringMatching(/^results +3 rows\nruns +3 rows\n/),
    ]);
    expect(readdirSync(join(place, 'tables'))).toEqual(['keepset.sqlite']);
    const twice = await runKeepset(place, ['export', '--in', 'manifests', '-o', 'tables']);
    expect([twice.status, twice.stderr]).toEqual([2, expect.stringContaining('tables is not empty')]);
  });

  it('is written for services that do it', async () => {
    const emitted = await runKeepset(place, ['fleet', 'emit', 'kubernetes', '--again', '-o', 'job.yaml']);
    expect([emitted.status, emitted.stderr]).toEqual([0, '']);
    expect(readFileSync(join(place, 'job.yaml'), 'utf8')).toContain(
      '/fleet/fleet-record/rounds/4/tasks.ndjson',
    );
    const { stdout } = await runKeepset(place, ['fleet', 'emit', 'github']);
    expect(stdout).toContain('run: keepset fleet run fleet.yaml --part "$PART/$PARTS"');
    const second = await fleet(place, ['run', '--part', '2/3']);
    expect([...second.tasks.keys()]).toEqual(['perl']);
  });

  it('of a list of names and labels of images: does again what has moved, and says what differs', async () => {
    const image = await ensureImage(engine, 'static');
    const moving = `${NAME}-moving:1`;
    const move = async (to: number) => {
      const dockerfile = `FROM ${image}\nLABEL keepset.run.data=/data moved=${to}\n`;
      const context = [{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }];
      made.add(await engine.buildImage(context, { tag: moving }));
    };
    await move(1);
    place = join(folder, 'moving');
    mkdirSync(place);
    writeFileSync(join(place, 'images.txt'), `# all\n${moving}\n`);
    const results = `{ manifests: ., suffix: -small, layers: layers.json }`;
    writeFileSync(
      join(place, 'fleet.yaml'),
      `images: [{ names: images.txt }]\nruns: { labels: true }\nresults: ${results}\n`,
    );
    const first = await fleet(place, ['run']);
    made.add(`${moving}-small`);
    expect([first.status, first.states]).toMatchObject([0, { done: 1 }]);
    expect((await runKeepset(place, ['fleet', 'refresh'])).stderr).toContain('of 0 tasks have moved');
    await move(2);
    const { status, stdout } = await runKeepset(place, ['fleet', 'refresh']);
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/-moving-1: [0-9a-f]{12} → [0-9a-f]{12}\nadded 0, removed 0, changed 0 paths;/),
    ]);
    for (const { outcome } of [...first.tasks.values()]) made.add(outcome?.result?.id ?? '');
  });

  it('of a recording: makes of what was seen what keepset shrink --recorded makes, once', async () => {
    const image = await ensureImage(engine, 'static');
    const source = `${NAME}-recorded:1`;
    const { id = '' } = (await engine.inspectImage(image)) ?? {};
    await engine.tagImage(id, { repository: `${NAME}-recorded`, tag: '1' });
    for (const tag of [source, `${source}-small`, `${source}-fleet`]) made.add(tag);
    place = join(folder, 'recorded');
    mkdirSync(place);
    const record = ['record', '-q', '-o', 'seen', '--', 'docker', 'run', '--rm', source, '/data'];
    expect((await runKeepset(place, record)).status).toBe(0);
    writeFileSync(
      join(place, 'fleet.yaml'),
      'images: [{ recording: seen }]\nresults: { manifests: manifests, suffix: -fleet }\n',
    );
    const run = await fleet(place, ['run']);
    expect([run.status, run.states, run.stderr]).toMatchObject([0, { done: 1 }, '']);
    const [task] = [...run.tasks.values()];
    expect((await runKeepset(place, ['shrink', '--recorded', 'seen'])).status).toBe(0);
    expect((await engine.inspectImage(`${source}-small`))?.id).toBe(task?.outcome?.result?.id);
    expect((await fleet(place, ['run'])).tasks.get(task?.name ?? '')?.outcome?.round).toBe(1);
  });

  it('killed in the middle, it is resumed: what went on is not begun again, and nothing is left', async () => {
    const slow = (seconds: number) => `sh -c 'sleep ${seconds}; cat /etc/debian_version'`;
    place = makeFleet('killed', { one: slow(1), two: slow(1.1), three: slow(1.2) });
    // What a session leaves is in a folder of the system's folder of temporary files.
    const temporary = join(place, 'temporary');
    mkdirSync(temporary);
    const environment = { TMPDIR: temporary };
    const submitter = spawn(process.execPath, [PROGRAM, 'fleet', 'run'], {
      ...{ cwd: place, stdio: 'ignore' },
      env: { ...process.env, ...environment },
    });
    const work = join(place, 'fleet-record/work');
    while (!existsSync(work) || readdirSync(work).length * readdirSync(temporary).length === 0)
      await delay(50);
    submitter.kill('SIGKILL');
    const [key = ''] = readdirSync(work);
    const { owner } = JSON.parse(readFileSync(join(work, key), 'utf8'));
    // The first task is ended as well; a machine that fails ends both at once.
    process.kill(-Number(owner.split('-')[2]), 'SIGKILL');
    await delay(200);
    expect(statesOf(await fleet(place, ['status']))).toEqual({
      one: 'lost',
      two: 'waiting',
      three: 'waiting',
    });
    const resumed = await fleet(place, ['resume', '--jobs', '3'], environment);
    expect([resumed.status, statesOf(resumed)]).toEqual([0, { one: 'done', two: 'done', three: 'done' }]);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('on Slurm', () => {
  it('gives each task to a node, knows of those that wait, and makes the same images', async () => {
    await using slurm = await startSlurm();
    const place = makeFleet('slurm', COMMANDS);
    const submitted = await fleet(place, ['run', '--on', 'slurm'], slurm.environment);
    expect([submitted.status, submitted.stderr]).toEqual([0, '']);
    const waiting = await fleet(place, ['status'], slurm.environment);
    expect(Object.values(statesOf(waiting)).every((state) => state !== 'waiting' && state !== 'lost')).toBe(
      true,
    );
    const nothing = await fleet(place, ['run', '--on', 'slurm', '--follow'], slurm.environment);
    expect(statesOf(nothing)).toEqual({ sort: 'done', perl: 'done', fails: 'failed' });
    const { stdout } = await promisify(execFile)('scontrol', ['show', 'job', '--oneliner'], {
      env: { ...process.env, ...slurm.environment },
    });
    expect(stdout.match(/NodeList=n\d/g)?.sort()).toContain('NodeList=n2');
    for (const name of ['sort', 'perl'])
      expect((await engine.inspectImage(`${NAME}-slurm:${name}`))?.id).toBe(
        (await engine.inspectImage(`${NAME}-here:${name}`))?.id,
      );
  });
});

describe('on a Swarm', () => {
  it('is a job of containers at the engine of their node, makes the same images, and leaves nothing', async () => {
    await using swarm = await startSwarm(1);
    const image = await ensureImage(engine, 'static');
    await swarm.loadImages([image]);
    const commands = { data: '/data', fails: '/nowhere' };
    const given = JSON.stringify({ image: SWARM_IMAGE, mounts: SWARM_MOUNTS });
    const place = makeFleet('swarm', commands, `swarm: ${given}\njobs: 2\n`, image);
    const done = await fleet(place, ['run', '--on', 'swarm', '--follow'], swarm.environment);
    expect([done.status, statesOf(done)]).toEqual([1, { data: 'done', fails: 'failed' }]);
    expect(done.causes).toMatchObject([{ code: 'COMMAND_FAILED', names: ['fails'] }]);
    const here = await fleet(makeFleet('swarm-here', commands, '', image), ['run', '--only', 'data']);
    const idOf = ({ tasks }: typeof here) => tasks.get('data')?.outcome?.result?.id;
    expect(idOf(done)).toBe(idOf(here));
    // It is given again, and ended before it came to a result.
    expect((await fleet(place, ['resume'], swarm.environment)).status).toBe(0);
    const cancelled = await fleet(place, ['cancel'], swarm.environment);
    expect([...cancelled.tasks.values()].some(({ state }) => /running|queued/.test(state))).toBe(false);
    const { stdout } = await promisify(execFile)('docker', ['service', 'ls', '--quiet'], {
      env: { ...process.env, ...swarm.environment },
    });
    expect(stdout).toBe('');
  });
});
