// Whether results run under the rights that were found for them: each of many programs is shrunk with and without --harden,
// then started again and again under everything, by run.sh as a user would.
//   pnpm bench:harden [--starts N] [--only NAME,…] [--podman ADDRESS] [--json]
// With --podman (a socket of Podman's) each result and its rights go there as well.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectTestEngine, ensureBase, ensureImage } from '../test-fixtures/images.ts';
import { CASES, type Case } from './harden/cases.ts';
import { median } from './median.ts';

const { values: flags } = parseArgs({
  options: {
    starts: { type: 'string', default: '20' },
    only: { type: 'string' },
    podman: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const KEEPSET = new URL('../bin/keepset', import.meta.url).pathname;
/** None of these is allowed to a program that does not use it. */
const DANGEROUS = 'mount ptrace bpf kexec_load init_module keyctl userfaultfd perf_event_open'.split(' ');

interface Row {
  readonly name: string;
  readonly calls: number;
  readonly capabilities: number;
  readonly dangerous: readonly string[];
  readonly plainSeconds: number;
  readonly hardenSeconds: number;
  /** Starts that did otherwise, by engine. */
  readonly failed: Readonly<Record<string, number>>;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

async function run(words: readonly string[], environment = {}): Promise<Ended> {
  const [program = '', ...args] = words;
  const start = performance.now();
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString('latin1');
    });
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, ...texts, seconds: (performance.now() - start) / 1000 };
}

async function shrunk(words: readonly string[]): Promise<number> {
  const { status, stderr, seconds } = await run([KEEPSET, 'shrink', ...words]);
  if (status !== 0) throw new Error(`keepset shrink ${words.join(' ')} ended with ${status}:\n${stderr}`);
  return seconds;
}

/** How many starts under the rights did otherwise than a start of the result without any. */
async function failures(one: Case, tag: string, folder: string, engine: string): Promise<number> {
  const starts = Number(flags.starts);
  const script = ['sh', join(folder, 'run.sh'), ...one.options];
  const plain = [engine, 'run', '--rm', ...one.options];
  const environment = { ENGINE: engine, ...(engine === 'podman' && { CONTAINER_HOST: flags.podman }) };
  let failed = 0;
  if (one.service === undefined) {
    const expected = await run([...plain, tag, ...one.command], environment);
    for (let start = 0; start < starts; start++) {
      const { status, stdout } = await run([...script, tag, ...one.command], environment);
      if (status !== expected.status || (!one.varies && stdout !== expected.stdout)) failed++;
    }
    return failed;
  }
  for (let start = 0; start < starts; start++) {
    const { stdout } = await run([...script, '--detach', tag, ...one.command], environment);
    const id = stdout.trim();
    if (!(await isAnswered(engine, id, one.service, environment))) failed++;
    await run([engine, 'rm', '--force', id], environment);
  }
  return failed;
}

/** Asked inside the container, as HEALTHCHECK asks; or from the outside, over HTTP. */
async function isAnswered(
  engine: string,
  id: string,
  service: NonNullable<Case['service']>,
  environment: object,
) {
  const ask = async () => {
    if (service.exec !== undefined)
      return (await run([engine, 'exec', id, ...service.exec], environment)).status === 0;
    const format = '{{.NetworkSettings.IPAddress}}';
    const address = (await run([engine, 'inspect', '--format', format, id], environment)).stdout.trim();
    return await fetch(`http://${address}${service.path}`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await ask()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function measure(one: Case, image: string): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'keepset-bench-harden-'));
  const tag = `keepset-bench-harden:${one.name}`;
  try {
    const words = [...one.shrinkOptions, ...one.options, '-t', tag, image, ...one.command];
    const plainSeconds = await shrunk(words);
    const hardenSeconds = await shrunk([`--harden=${folder}`, ...words]);
    const rights = JSON.parse(readFileSync(join(folder, 'hardening.json'), 'utf8'));
    const names: readonly string[] = rights.calls.map(({ name }: { name: string }) => name);
    const failed: Record<string, number> = { docker: await failures(one, tag, folder, 'docker') };
    if (flags.podman !== undefined) {
      spawnSync('sh', ['-c', `docker save ${tag} | podman --url "$CONTAINER_HOST" load`], {
        env: { ...process.env, CONTAINER_HOST: flags.podman },
      });
      failed.podman = await failures(one, `localhost/${tag}`, folder, 'podman');
    }
    return {
      name: one.name,
      calls: names.length,
      capabilities: rights.capabilities.length,
      dangerous: DANGEROUS.filter((name) => names.includes(name)),
      plainSeconds,
      hardenSeconds,
      failed,
    };
  } finally {
    await run(['docker', 'image', 'rm', '--force', tag]);
    rmSync(folder, { recursive: true, force: true });
  }
}

await using engine = await connectTestEngine();
const wanted = flags.only?.split(',');
const rows: Row[] = [];
for (const one of CASES.filter(({ name }) => wanted === undefined || wanted.includes(name))) {
  const image = one.image === 'base' ? await ensureBase(engine) : await ensureImage(engine, one.image);
  try {
    const row = await measure(one, image);
    rows.push(row);
    const { name, calls, capabilities, dangerous, plainSeconds, hardenSeconds, failed } = row;
    const ratio = (hardenSeconds / plainSeconds).toFixed(2);
    if (!flags.json)
      console.log(
        `${name.padEnd(24)} ${calls} calls, ${capabilities} capabilities, ${ratio} ×, failed ${JSON.stringify(failed)} ${dangerous.join(' ')}`,
      );
  } catch (error) {
    console.error(`${one.name}: ${(error as Error).message}`);
  }
}
const summary = {
  programs: rows.length,
  medianCalls: median(rows.map(({ calls }) => calls)),
  medianRatio: median(rows.map(({ plainSeconds, hardenSeconds }) => hardenSeconds / plainSeconds)),
  ratioOfSums:
    rows.reduce((sum, { hardenSeconds }) => sum + hardenSeconds, 0) /
    rows.reduce((sum, { plainSeconds }) => sum + plainSeconds, 0),
  failed: rows.reduce((sum, { failed }) => sum + Object.values(failed).reduce((a, b) => a + b, 0), 0),
};
console.log(flags.json ? JSON.stringify({ rows, ...summary }) : summary);
