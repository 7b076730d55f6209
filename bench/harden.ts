// Whether results run under the rights that were found for them: each of many programs is shrunk with and without --harden,
// then started again and again under everything, by run.sh as a user would.
//   pnpm bench:harden [NAME...] [--starts N] [--rounds N] [--podman] [--json]
// Of each kind of shrink the quickest of some rounds counts; without a round, only the starts. With --podman each result and
// its rights go there as well.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AsyncDisposableStack, connectEngine, resolveEngineAddress } from '@keepset/docker-engine';
import { copyImage } from '../test-fixtures/engines/copy-image.ts';
import { startEngine } from '../test-fixtures/engines/start-engine.ts';
import { connectTestEngine, ensureBase, ensureImage } from '../test-fixtures/images.ts';
import { CASES, type Case } from './harden/cases.ts';
import { run } from './harden/run.ts';
import { failuresOf, type StartedOn } from './harden/starts.ts';
import { median } from './median.ts';
import { ensureServices } from './services-image.ts';

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    starts: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '1' },
    podman: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const KEEPSET = new URL('../bin/keepset', import.meta.url).pathname;
/** None of these is allowed to a program that does not use it. */
const DANGEROUS = 'mount ptrace bpf kexec_load init_module keyctl userfaultfd perf_event_open'.split(' ');

interface Row {
  readonly name: string;
  readonly calls: number;
  readonly capabilities: readonly string[];
  readonly dangerous: readonly string[];
  /** Without rounds: none. */
  readonly plainSeconds: number | undefined;
  readonly hardenSeconds: number;
  /** Of all starts, what those did that did otherwise; by engine. */
  readonly failed: Readonly<Record<string, readonly string[]>>;
}

await using opened = new AsyncDisposableStack();
const docker = opened.use(await connectTestEngine());
const base = await ensureBase(docker);
const engines: StartedOn[] = [{ client: 'docker', environment: {}, base }];
const podman = flags.podman ? await openPodman() : undefined;

async function openPodman() {
  const started = opened.use(await startEngine('podman'));
  const { DOCKER_HOST = '' } = started.environment;
  const address = resolveEngineAddress({ environment: started.environment, homeDirectory: '/' });
  const engine = opened.use(await connectEngine({ address }));
  await copyImage(docker, engine, base);
  engines.push({ client: 'podman', environment: { CONTAINER_HOST: DOCKER_HOST }, base });
  return engine;
}

async function shrunk(words: readonly string[]): Promise<number> {
  const { status, stderr, seconds } = await run([KEEPSET, 'shrink', ...words]);
  if (status !== 0) throw new Error(`keepset shrink ${words.join(' ')} ended with ${status}:\n${stderr}`);
  return seconds;
}

async function measure(one: Case, image: string): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'keepset-bench-harden-'));
  const tag = `keepset-bench-harden:${one.name}`;
  try {
    const words = [...one.shrinkOptions, ...one.options, '-t', tag, image, ...one.command];
    let plainSeconds: number | undefined;
    let hardenSeconds = Number.POSITIVE_INFINITY;
    for (let round = 0; round < Math.max(1, Number(flags.rounds)); round++) {
      if (flags.rounds !== '0') plainSeconds = Math.min(plainSeconds ?? Infinity, await shrunk(words));
      hardenSeconds = Math.min(hardenSeconds, await shrunk([`--harden=${folder}`, ...words]));
    }
    const rights = JSON.parse(readFileSync(join(folder, 'hardening.json'), 'utf8'));
    const calls: readonly string[] = rights.calls.map(({ name }: { name: string }) => name);
    if (podman !== undefined) await copyImage(docker, podman, tag);
    const failed: Record<string, readonly string[]> = {};
    for (const engine of engines)
      failed[engine.client] = await failuresOf(one, { tag, folder, count: Number(flags.starts) }, engine);
    return {
      name: one.name,
      calls: calls.length,
      capabilities: rights.capabilities.map(({ name }: { name: string }) => name),
      dangerous: DANGEROUS.filter((name) => calls.includes(name)),
      plainSeconds,
      hardenSeconds,
      failed,
    };
  } finally {
    await docker.removeImage(tag).catch(() => {});
    await podman?.removeImage(tag).catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
}

function say({ name, calls, capabilities, dangerous, plainSeconds, hardenSeconds, failed }: Row): void {
  const ratio = plainSeconds === undefined ? '' : `, ${(hardenSeconds / plainSeconds).toFixed(2)} ×`;
  const seconds = `${hardenSeconds.toFixed(1)} s${ratio}`;
  const counts = Object.entries(failed).map(([client, all]) => `${client} ${all.length} failed`);
  console.log(
    [name.padEnd(24), `${calls} calls`, capabilities.join(' ') || 'no capability', seconds, ...counts]
      .concat(dangerous)
      .join(', '),
  );
  for (const [client, all] of Object.entries(failed))
    for (const each of all.slice(0, 2)) console.log(`  ${client}: ${each}`);
}

async function imageOf({ image }: Case): Promise<string> {
  if (image === 'base') return base;
  return await (image === 'services' ? ensureServices(docker) : ensureImage(docker, image));
}

const unknown = names.find((wanted) => CASES.every(({ name }) => name !== wanted));
if (unknown !== undefined)
  throw new Error(`'${unknown}' is none of ${CASES.map(({ name }) => name).join(' ')}`);
const rows: Row[] = [];
for (const one of CASES.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const image = await imageOf(one);
  try {
    const row = await measure(one, image);
    rows.push(row);
    if (!flags.json) say(row);
  } catch (error) {
    console.error(`${one.name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
const timed = rows.filter((row): row is Row & { plainSeconds: number } => row.plainSeconds !== undefined);
const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
const summary = {
  programs: rows.length,
  starts: rows.length * Number(flags.starts) * engines.length,
  failed: sum(rows.flatMap(({ failed }) => Object.values(failed).map((all) => all.length))),
  medianCalls: median(rows.map(({ calls }) => calls)),
  medianRatio: median(timed.map(({ plainSeconds, hardenSeconds }) => hardenSeconds / plainSeconds)),
  ratioOfSums:
    sum(timed.map(({ hardenSeconds }) => hardenSeconds)) / sum(timed.map(({ plainSeconds }) => plainSeconds)),
};
console.log(flags.json ? JSON.stringify({ rows, ...summary }) : summary);
