// What recording costs beside plain runs, in turn, in one run: each through the proxy with a tracer, and by the engine alone.
// Only ratios of one run mean something on a shared machine.
//   pnpm bench:record [--json] [--containers N] [--rounds N]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveEngineAddress } from '@keepset/docker-engine';
import { openRecorder } from '@keepset/recorder';
import { connectTestEngine, ensureBase, ensureImage } from '../test-fixtures/images.ts';
import { median } from './median.ts';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean' },
    containers: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
  },
});
const OWNER = 'bench-record';
/** Work as it is usual: packages are loaded, a plot is drawn, and something is computed for some seconds. */
const R = 'library(maps); pdf(NULL); map("world"); s <- 0; for (i in 1:10000000) s <- s + i %% 7; print(s)';

interface Work {
  readonly name: string;
  readonly command: readonly string[];
  readonly times: number;
  /** What it may cost: more milliseconds, or as many times the plain run. */
  readonly goal: { readonly moreMs: number } | { readonly ratio: number };
}

interface Row extends Pick<Work, 'name' | 'times' | 'goal'> {
  readonly plainMs: number;
  readonly recordedMs: number;
}

/** @throws Error  it failed */
async function runMs([program = '', ...args]: readonly string[], address: string): Promise<number> {
  const start = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DOCKER_HOST: address },
  });
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
  return performance.now() - start;
}

await using engine = await connectTestEngine();
const [base, maps] = [await ensureBase(engine), await ensureImage(engine, 'maps')];
const run = (image: string, ...command: readonly string[]) => ['docker', 'run', '--rm', image, ...command];
const rounds = Number(flags.rounds);
const works: readonly Work[] = [
  { name: 'true', command: run(base, 'true'), times: Number(flags.containers), goal: { moreMs: 60 } },
  {
    name: 'R: a map, and a sum',
    command: run(maps, 'Rscript', '-e', R),
    times: rounds,
    goal: { ratio: 1.35 },
  },
  {
    name: 'a tree of 300 short processes',
    command: run(base, 'sh', '-c', 'i=0; while [ $i -lt 300 ]; do i=$((i+1)); /bin/true; done'),
    times: rounds,
    goal: { ratio: 2 },
  },
];

const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
const folder = mkdtempSync(join(tmpdir(), 'bench-record-'));
const rows: Row[] = [];
try {
  await using recorder = await openRecorder(engine, { address, folder, owner: OWNER });
  for (const { name, command, times, goal } of works) {
    const [plain, recorded]: [number[], number[]] = [[], []];
    // The first of each warms up what is asked once for an image.
    for (let at = 0; at <= times; at++) {
      const [one, other] = [await runMs(command, address.text), await runMs(command, recorder.address)];
      if (at === 0) continue;
      plain.push(one);
      recorded.push(other);
    }
    const row = { name, times, goal, plainMs: median(plain), recordedMs: median(recorded) };
    rows.push(row);
    if (!flags.json) console.log(describe(row));
  }
  const start = performance.now();
  const { containers } = await recorder.finish();
  if (!flags.json)
    console.log(
      `taking the traces of ${containers.length} containers: ${Math.round(performance.now() - start)} ms`,
    );
} finally {
  rmSync(folder, { recursive: true });
}
if (flags.json) console.log(JSON.stringify(rows));

function describe({ name, times, goal, plainMs, recordedMs }: Row): string {
  const ms = (value: number) => `${Math.round(value)} ms`;
  const wanted = 'moreMs' in goal ? `goal ${goal.moreMs} ms more` : `goal ${goal.ratio} ×`;
  return `${name}: plain ${ms(plainMs)}, recorded ${ms(recordedMs)}, ${(recordedMs / plainMs).toFixed(2)} ×, ${ms(recordedMs - plainMs)} more a container (${wanted}; median of ${times})`;
}
