// The whole shrink of the research image, verification included, beside `docker export SOURCE | docker import -`:
// both on one engine, in turn. Only their ratio means something on a shared machine.
//   pnpm bench [--json] [--rounds N]
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { cpus, homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { type Engine, type EngineAddress, resolveEngineAddress } from '@keepset/docker-engine';
import { connectTestEngine, ensureImage } from '../test-fixtures/images.ts';

const CLI = new URL('../packages/cli/dist/keepset.js', import.meta.url).pathname;
const OUT = 'keepset-bench:small';
const { values: flags } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '3' } },
});

interface ShrinkRun {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly report: {
    source: { sizeBytes: number };
    result: { sizeBytes: number };
    run: { seconds: number };
    stages: Record<string, number>;
  };
}

/** keepset as a user runs it, with the highest mark of its memory. */
async function runShrink(image: string): Promise<ShrinkRun> {
  const start = performance.now();
  const child = spawn(CLI, ['shrink', '--json', '-t', OUT, image], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let peakKilobytes = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peakKilobytes = Math.max(peakKilobytes, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  }, 20);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const output = Buffer.concat(await Array.fromAsync(child.stdout as AsyncIterable<Buffer>)).toString();
  const status = await ended;
  clearInterval(timer);
  if (status !== 0) throw new Error(`keepset failed with ${status}: ${complaint}`);
  return {
    seconds: (performance.now() - start) / 1000,
    peakBytes: peakKilobytes * 1024,
    report: JSON.parse(output),
  };
}

function request(address: EngineAddress, method: string, path: string): http.ClientRequest {
  const { socketPath, host, port } = address;
  return http.request({ method, path, ...(socketPath === undefined ? { host, port } : { socketPath }) });
}

async function responseOf(outgoing: http.ClientRequest): Promise<http.IncomingMessage> {
  return await new Promise((resolve, reject) => outgoing.on('response', resolve).on('error', reject));
}

/** What `docker export CONTAINER | docker import -` does, without the docker client. */
async function exportAndImport(engine: Engine, image: string): Promise<number> {
  const address = resolveEngineAddress({ environment: process.env, homeDirectory: homedir() });
  await using container = await engine.createContainer({ Image: image }, 'bench');
  const start = performance.now();
  const outgoing = request(address, 'GET', `/containers/${container.id}/export`);
  outgoing.end();
  const tar = await responseOf(outgoing);
  const importing = request(address, 'POST', '/images/create?fromSrc=-');
  tar.pipe(importing);
  const answer = Buffer.concat(
    await Array.fromAsync((await responseOf(importing)) as AsyncIterable<Buffer>),
  ).toString();
  const seconds = (performance.now() - start) / 1000;
  const id = /sha256:[0-9a-f]{64}/.exec(answer)?.[0];
  if (id === undefined) throw new Error(`docker import failed: ${answer}`);
  await engine.removeImage(id);
  return seconds;
}

/** What the one before left to be written must not be paid for by the next. */
function settle(): void {
  spawnSync('sync');
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

await using engine = await connectTestEngine();
const image = await ensureImage(engine, 'research');
const shrinks: ShrinkRun[] = [];
const imports: number[] = [];
for (let round = 0; round < Number(flags.rounds); round++) {
  // Removed, so that each shrink builds and loads.
  await engine.removeImage(OUT);
  settle();
  shrinks.push(await runShrink(image));
  settle();
  imports.push(await exportAndImport(engine, image));
}
await engine.removeImage(OUT);

const last = shrinks.at(-1) as ShrinkRun;
const shrinkSeconds = median(shrinks.map(({ seconds }) => seconds));
const importSeconds = median(imports);
const result = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Docker ${engine.details.version}, Node ${process.version}`,
  sourceBytes: last.report.source.sizeBytes,
  resultBytes: last.report.result.sizeBytes,
  shrinkSeconds,
  exportImportSeconds: importSeconds,
  ratio: shrinkSeconds / importSeconds,
  peakBytes: Math.max(...shrinks.map(({ peakBytes }) => peakBytes)),
  tracedRunSeconds: last.report.run.seconds,
  stages: last.report.stages,
  rounds: shrinks.length,
};
if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  const rows: [string, string][] = [
    ['machine', result.machine],
    [
      'source → result',
      `${(result.sourceBytes / 1e6).toFixed(0)} MB → ${(result.resultBytes / 1e6).toFixed(1)} MB`,
    ],
    ['whole shrink', `${shrinkSeconds.toFixed(1)} s (verification included; median of ${result.rounds})`],
    ['export | import', `${importSeconds.toFixed(1)} s`],
    ['ratio', result.ratio.toFixed(3)],
    ['peak memory', `${(result.peakBytes / 1e6).toFixed(0)} MB`],
    ...Object.entries(result.stages).map(([stage, seconds]): [string, string] => [
      `  ${stage}`,
      `${seconds.toFixed(1)} s`,
    ]),
  ];
  for (const [name, value] of rows) process.stdout.write(`${name.padEnd(18)}${value}\n`);
}
