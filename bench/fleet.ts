// A fleet of 64 small workloads over 8 images, here, on Slurm with two nodes, and on a Swarm of two engines: whether verdicts
// are right and ids the same, what a task costs beside its command, what a plan and a repeat cost, what results take at a
// registry that share layers, and what is left after faults. Wants root, for Slurm and the Swarm.
//   pnpm bench:fleet [--parts here,slurm,swarm,layers,sleep,overhead,plan,faults] [--jobs N] [--folder DIR] [--programs NAME,…]
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
import { parseArgs, promisify } from 'node:util';
import type { Engine } from '@keepset/docker-engine';
import { connectTestEngine, ensureBase } from '../test-fixtures/images.ts';
import { startOwnEngine } from '../test-fixtures/own-engine.ts';
import { startRegistry } from '../test-fixtures/registry.ts';
import { startSlurm } from '../test-fixtures/slurm.ts';
import { copyImages, SWARM_IMAGE, SWARM_MOUNTS, startSwarm } from '../test-fixtures/swarm.ts';
import { median } from './median.ts';

const { values: flags } = parseArgs({
  options: {
    parts: { type: 'string', default: 'here,slurm,swarm,layers,sleep,overhead,plan,faults' },
    jobs: { type: 'string', default: '2' },
    /** Of an earlier call: what is done there is not done again. */
    folder: { type: 'string' },
    /** Of which images; default all. */
    programs: { type: 'string' },
  },
});
const PROGRAM = new URL('../packages/cli/dist/keepset.js', import.meta.url).pathname;
const NAME = 'keepset-bench-fleet';
const run = promisify(execFile);

/** Programs of Debian's, with what is done with each; every image has those of Debian's base besides. */
const IMAGES: Readonly<Record<string, readonly string[]>> = {
  gawk: [
    "gawk 'BEGIN { print 6 * 7 }'",
    "gawk -F: '{ print $1 }' /etc/passwd",
    'gawk \'BEGIN { print strftime("%Y", 0) }\'',
  ],
  jq: ["jq -n '6*7'", "jq -n '[1, 2] | add'", 'jq -r .a -n'],
  bc: ["sh -c 'echo 6*7 | bc'", "sh -c 'echo scale=20; echo 1/3 | bc'", "sh -c 'echo 2^100 | bc'"],
  sqlite3: [
    "sqlite3 :memory: 'SELECT 6 * 7'",
    "sqlite3 /tmp/a 'CREATE TABLE b (c)'",
    "sqlite3 -json :memory: 'SELECT 1 AS a'",
  ],
  'lua5.4': [
    "lua5.4 -e 'print(6 * 7)'",
    "lua5.4 -e 'print(#arg)' /dev/null",
    'lua5.4 -e \'print(os.getenv("PATH"))\'',
  ],
  'python3-minimal': [
    "python3 -c 'print(6 * 7)'",
    "python3 -c 'import sys; print(sys.version)'",
    'python3 -c \'import os; print(os.listdir("/etc/apt"))\'',
  ],
  tcl: [
    "sh -c 'echo puts 42 | tclsh'",
    "sh -c 'echo puts [info patchlevel] | tclsh'",
    "sh -c 'echo puts [clock format 0 -gmt 1] | tclsh'",
  ],
  file: ['file /bin/ls', 'file -i /etc/passwd', 'file -L /bin/sh'],
};
const COMMON = [
  'sort /etc/passwd',
  "sh -c 'wc -l </etc/group'",
  'cat /etc/debian_version',
  "perl -e 'print 6 * 7'",
];
/** It has to fail, and to be said to. */
const FAILING = 'sort /nowhere';

interface FleetTask {
  readonly name: string;
  readonly state: string;
  readonly key: string;
  readonly command: readonly string[];
  readonly outcome?: {
    readonly seconds: number;
    readonly round: number;
    readonly result?: { readonly id: string; readonly verdict: string };
  };
}

interface Answer {
  readonly status: number;
  readonly seconds: number;
  readonly tasks: readonly FleetTask[];
  readonly states: Readonly<Record<string, number>>;
}

type Environment = Readonly<Record<string, string>>;

async function fleet(
  place: string,
  words: readonly string[],
  environment: Environment = {},
): Promise<Answer> {
  const start = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'fleet', ...words, '--json'], {
    cwd: place,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  const text = Buffer.concat(chunks).toString();
  return {
    status,
    seconds: (performance.now() - start) / 1000,
    ...(text === '' ? { tasks: [] } : JSON.parse(text)),
  };
}

const root = flags.folder ?? mkdtempSync(join(tmpdir(), 'bench-fleet-'));
/** What came of the workloads on this machine, with which others are compared. */
let here: Answer | undefined;
const rows: Record<string, unknown> = {};
const report = (row: string, value: unknown) => {
  rows[row] = value;
  process.stderr.write(`${row}: ${JSON.stringify(value)}\n`);
};

async function ensureImages(engine: Engine): Promise<Readonly<Record<string, string>>> {
  const base = await ensureBase(engine);
  const names: Record<string, string> = {};
  for (const program of flags.programs?.split(',') ?? Object.keys(IMAGES)) {
    const tag = `${NAME}/${program}:1`;
    names[program] = tag;
    if ((await engine.inspectImage(tag)) !== undefined) continue;
    const dockerfile = `FROM ${base}\nRUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${program} && rm -rf /var/lib/apt/lists/*\n`;
    await engine.buildImage([{ header: { name: 'Dockerfile' }, content: Buffer.from(dockerfile) }], { tag });
  }
  return names;
}

interface Entry {
  readonly image: string;
  readonly name: string;
  readonly command: string;
  readonly tag?: string;
}

function makeFleet(
  name: string,
  entries: readonly Entry[],
  further = 'results: { manifests: manifests }',
): string {
  const place = join(root, name);
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, 'fleet.yaml'),
    `images:\n${entries.map((entry) => `  - ${JSON.stringify(entry)}\n`).join('')}${further}\n`,
  );
  return place;
}

const workloads = (images: Readonly<Record<string, string>>, where: string): readonly Entry[] =>
  Object.entries(images).flatMap(([program, image]) =>
    [...(IMAGES[program] ?? []), ...COMMON, FAILING].map((command, at) => {
      const name = `${program}-${at}`;
      return { image, name, command, tag: `${NAME}-${where}/${program}:${at}` };
    }),
  );

/** Tasks that are not what they ought to be. */
const wrong = ({ tasks }: Answer) =>
  tasks
    .filter(({ state, command, outcome }) =>
      command.at(-1) === '/nowhere'
        ? state !== 'failed'
        : state !== 'done' || outcome?.result?.verdict !== 'verified',
    )
    .map(({ name, state, outcome }) => [name, state, outcome?.result?.verdict]);

const idsOf = ({ tasks }: Answer) => new Map(tasks.map(({ name, outcome }) => [name, outcome?.result?.id]));

/** Whether results have the ids that they have here; failed tasks have none anywhere. */
const sameIds = (answer: Answer) => {
  if (here === undefined) return 'not compared';
  const mine = idsOf(answer);
  const all = [...idsOf(here)];
  return {
    compared: all.filter(([, id]) => id !== undefined).length,
    others: all.filter(([name, id]) => mine.get(name) !== id),
  };
};

await using engine = await connectTestEngine();
const parts = new Set(flags.parts.split(','));
const images = await ensureImages(engine);
const jobs = ['--jobs', flags.jobs];

if (parts.has('here')) {
  const place = makeFleet('here', workloads(images, 'here'));
  here = await fleet(place, ['run', ...jobs]);
  report('here', {
    tasks: here.tasks.length,
    images: Object.keys(images).length,
    seconds: here.seconds,
    states: here.states,
    wrong: wrong(here),
  });
  // What failed is tried again each time: the repeat is of those that are done.
  const done = here.tasks.filter(({ state }) => state === 'done').map(({ name }) => ['--only', name]);
  const repeat = await fleet(place, ['run', ...done.flat()]);
  report('repeat', { seconds: repeat.seconds, share: repeat.seconds / here.seconds });
}

if (parts.has('slurm')) {
  await using slurm = await startSlurm();
  const place = makeFleet('slurm', workloads(images, 'slurm'));
  const answer = await fleet(place, ['run', '--on', 'slurm', '--follow'], slurm.environment);
  report('slurm', {
    ...{ tasks: answer.tasks.length, seconds: answer.seconds, states: answer.states, wrong: wrong(answer) },
    ids: sameIds(answer),
  });
}

if (parts.has('swarm')) {
  await using swarm = await startSwarm(2);
  await swarm.loadImages(Object.values(images));
  const given = JSON.stringify({ image: SWARM_IMAGE, mounts: SWARM_MOUNTS });
  const place = makeFleet(
    'swarm',
    workloads(images, 'swarm'),
    `results: { manifests: manifests }\nswarm: ${given}`,
  );
  const answer = await fleet(place, ['run', '--on', 'swarm', ...jobs, '--follow'], swarm.environment);
  const made: number[] = [];
  for (const node of swarm.nodes) {
    await using own = await node.connect();
    const names = (await own.listImages()).flatMap((each) => each.names);
    made.push(names.filter((name) => name.startsWith(`${NAME}-swarm/`)).length);
  }
  report('swarm', {
    ...{ tasks: answer.tasks.length, seconds: answer.seconds, states: answer.states, wrong: wrong(answer) },
    resultsByNode: made,
    ids: sameIds(answer),
  });
}

if (parts.has('layers')) await shareLayers();

/** What the results take at a registry, one layer each, and when they share layers. */
async function shareLayers(): Promise<void> {
  const folder = join(root, `layers-${Date.now()}`);
  mkdirSync(folder, { recursive: true });
  using registry = await startRegistry(folder);
  const entries = workloads(images, 'layers')
    .filter(({ command }) => command !== FAILING)
    .map(({ tag: _, ...entry }) => ({ ...entry, tag: `${registry.name}/small:${entry.name}` }));
  const place = makeFleet(
    `layers-fleet-${Date.now()}`,
    entries,
    `runs: { options: [--no-verify] }
results: { registry: ${registry.name}, manifests: manifests, layers: layers.json }`,
  );
  const bytesOf = async ({ tasks }: Answer) => {
    const blobs = new Map<string, number>();
    let [sum, most] = [0, 0];
    for (const { name } of tasks) {
      const answer = await fetch(`http://${registry.name}/v2/small/manifests/${name}`, {
        headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
      });
      const { layers } = (await answer.json()) as { layers: { digest: string; size: number }[] };
      most = Math.max(most, layers.length);
      for (const { digest, size } of layers) {
        sum += size;
        blobs.set(digest, size);
      }
    }
    const stored = [...blobs.values()].reduce((all, size) => all + size, 0);
    return { pulled: sum, stored, blobs: blobs.size, most };
  };
  const first = await fleet(place, ['run', ...jobs]);
  const apart = await bytesOf(first);
  const { stderr: said } = await run(process.execPath, [PROGRAM, 'fleet', 'layers'], { cwd: place });
  const second = await fleet(place, ['run', ...jobs]);
  const shared = await bytesOf(second);
  report('layers', {
    ...{ states: [first.states, second.states], seconds: [first.seconds, second.seconds], said },
    ...{ apart, shared, share: shared.stored / apart.pulled, growthOfPulls: shared.pulled / apart.pulled },
  });
}

const [image = ''] = Object.values(images);

if (parts.has('sleep')) {
  // Each is traced, and run for the proof: most of the time it waits.
  const entries = (where: string) =>
    Array.from({ length: 4 }, (_, at) => ({
      ...{ image, name: `s${at}`, command: `sh -c 'sleep 25; echo ${at}'` },
      tag: `${NAME}-sleep-${where}:${at}`,
    }));
  const seconds: Record<string, number> = {};
  for (const nodes of [['n1'], ['n1', 'n2']]) {
    await using slurm = await startSlurm(nodes);
    const answer = await fleet(
      makeFleet(`sleep-${nodes.length}-${Date.now()}`, entries(`${nodes.length}`)),
      ['run', '--on', 'slurm', '--follow'],
      slurm.environment,
    );
    if (answer.status !== 0) throw new Error(`sleeping tasks ended with ${answer.status}`);
    seconds[nodes.length] = answer.seconds;
  }
  report('two nodes', { seconds, throughput: (seconds[1] ?? 0) / (seconds[2] ?? 1) });
}

if (parts.has('overhead')) {
  const command = ['shrink', '--json', '-t', `${NAME}-overhead:1`, image, 'sort', '/etc/passwd'];
  const [alone, asTask]: [number[], number[]] = [[], []];
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    await run(process.execPath, [PROGRAM, ...command], { maxBuffer: 1e8 });
    alone.push((performance.now() - start) / 1000);
    const place = makeFleet(
      `overhead-${round}-${Date.now()}`,
      [{ image, name: 'a', command: 'sort /etc/passwd', tag: `${NAME}-overhead:1` }],
      '',
    );
    asTask.push((await fleet(place, ['run'])).seconds);
  }
  report('overhead', { alone: median(alone), task: median(asTask), seconds: median(asTask) - median(alone) });
}

if (parts.has('plan')) {
  const all = Object.values(images);
  const entries = Array.from({ length: 10_000 }, (_, at) => ({
    ...{
      image: all[at % all.length] ?? '',
      name: `t${at}`,
      command: `echo ${at}`,
      tag: `${NAME}-plan:${at}`,
    },
  }));
  const place = makeFleet('plan', entries);
  const child = spawn(process.execPath, ['--max-semi-space-size=1', PROGRAM, 'fleet', 'plan'], {
    cwd: place,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const start = performance.now();
  let peak = 0;
  const timer = setInterval(() => {
    const status = existsSync(`/proc/${child.pid}/status`)
      ? readFileSync(`/proc/${child.pid}/status`, 'utf8')
      : '';
    peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }, 20);
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  report('plan', { tasks: 10_000, seconds: (performance.now() - start) / 1000, megabytes: peak / 1000 });
}

if (parts.has('faults')) await breakThings();

/** A registry that stops, a submitter and a node that are killed: then everything is done once, and nothing is left. */
async function breakThings(): Promise<void> {
  const folder = join(root, `faults-${Date.now()}`);
  mkdirSync(folder, { recursive: true });
  const entries = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      image,
      name: `f${at}`,
      command: `sh -c 'sleep 3; echo ${at}'`,
    }));
  // Each with a tag of its own at the registry, by its name in the list.
  const withTags = (registry: string, count: number) =>
    entries(count).map((entry, at) => ({ ...entry, tag: `${registry}/small/fault:${at}` }));
  let registry = await startRegistry(folder);
  const place = makeFleet(
    'faults-registry',
    withTags(registry.name, 4),
    `results: { registry: ${registry.name}, manifests: manifests }`,
  );
  const running = fleet(place, ['run', ...jobs]);
  while (!existsSync(join(place, 'fleet-record/outcomes'))) await delay(100);
  registry[Symbol.dispose]();
  const stopped = await running;
  registry = await startRegistry(folder, { port: Number(registry.name.split(':')[1]) });
  const resumed = await fleet(place, ['resume', ...jobs]);
  const tags = await (await fetch(`http://${registry.name}/v2/small/fault/tags/list`)).json();
  report('registry stopped', { before: stopped.states, after: resumed.states, tags });
  registry[Symbol.dispose]();

  const slow = makeFleet(
    'faults-killed',
    entries(6).map((entry) => ({ ...entry, tag: `${NAME}-killed:${entry.name}` })),
  );
  const submitter = spawn(process.execPath, [PROGRAM, 'fleet', 'run', ...jobs], {
    cwd: slow,
    stdio: 'ignore',
  });
  while (!existsSync(join(slow, 'fleet-record/outcomes'))) await delay(100);
  submitter.kill('SIGKILL');
  const killed = await fleet(slow, ['status']);
  await fleet(slow, ['resume', ...jobs]);
  // What went on by itself.
  const after = await fleet(slow, ['status', '--follow']);
  report('submitter killed', { before: killed.states, after: after.states, rounds: roundsOf(after) });

  await using own = await startOwnEngine();
  await copyImages([image], [own]);
  const environment = { DOCKER_HOST: own.address };
  const lost = makeFleet(
    'faults-engine',
    entries(6).map((entry) => ({ ...entry, tag: `${NAME}-engine:${entry.name}` })),
  );
  const losing = fleet(lost, ['run', ...jobs], environment);
  while (!existsSync(join(lost, 'fleet-record/outcomes'))) await delay(100);
  await own.kill();
  const cut = await losing;
  await own.start();
  const again = await fleet(lost, ['resume', ...jobs], environment);
  const { stdout: leftThere } = await run(process.execPath, [PROGRAM, 'prune', '--dry-run'], {
    env: { ...process.env, ...environment },
  });
  report('engine killed', {
    ...{ before: cut.states, after: again.states, rounds: roundsOf(again) },
    left: leftThere.split('\n').filter((line) => /^(container|image) /.test(line)),
  });

  await using slurm = await startSlurm();
  const nodes = makeFleet(
    'faults-node',
    entries(8).map((entry) => ({ ...entry, tag: `${NAME}-node:${entry.name}` })),
  );
  await fleet(nodes, ['run', '--on', 'slurm'], slurm.environment);
  while (!existsSync(join(nodes, 'fleet-record/outcomes'))) await delay(100);
  slurm.killNode('n1');
  const half = await fleet(nodes, ['status'], slurm.environment);
  await run('scancel', ['--user=root', '--state=PENDING'], { env: { ...process.env, ...slurm.environment } });
  const cancelled = await fleet(nodes, ['status'], slurm.environment);
  slurm.startNode('n1');
  const whole = await fleet(nodes, ['resume', '--follow'], slurm.environment);
  report('node killed, rest cancelled', {
    killed: half.states,
    cancelled: cancelled.states,
    after: whole.states,
    rounds: roundsOf(whole),
  });
  const left = await run(process.execPath, [PROGRAM, 'prune', '--dry-run']);
  const work = ['faults-registry', 'faults-killed', 'faults-engine', 'faults-node'].flatMap((name) =>
    readdirSync(join(root, name, 'fleet-record/work')),
  );
  report('left', { prune: left.stdout.split('\n').filter((line) => /^(container|image) /.test(line)), work });
}

/** How many tasks came to their result in which round. */
function roundsOf({ tasks }: Answer): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { outcome } of tasks)
    counts[outcome?.round ?? 'none'] = (counts[outcome?.round ?? 'none'] ?? 0) + 1;
  return counts;
}

for (const { names } of await engine.listImages())
  for (const name of names) if (new RegExp(`^${NAME}-`).test(name)) await engine.removeImage(name);
if (flags.folder === undefined) rmSync(root, { recursive: true });
process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
