// What tracing costs: each command plain, traced as keepset does it, and under `strace -f` of every call, in turn, all
// on one engine. Only ratios mean something on a shared machine.
//   pnpm bench [--json] [--rounds N]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import {
  type ContainerConfig,
  type Engine,
  type ImageDetails,
  type RunOptions,
  toContainerConfig,
} from '@keepset/docker-engine';
import {
  type ImageReader,
  openImageReader,
  provideToolbox,
  type Toolbox,
  toolCommand,
} from '@keepset/toolbox';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { runContainer, traceRun } from '../dist/index.js';

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(flags.rounds);

const MAKE =
  'for group in 1 2 3 4 5 6 7 8 9 10; do sh -c "for file in $(seq -s " " 1 99); do cat /fidelity/data/1; done"; done';

interface Workload {
  readonly title: string;
  readonly fixture: string;
  readonly command: readonly string[];
}
const WORKLOADS: readonly Workload[] = [
  { title: 'an R document', fixture: 'research', command: ['Rscript', 'document.R'] },
  { title: 'a Python data analysis', fixture: 'research', command: ['python3', 'analysis.py'] },
  { title: '1,000 short processes', fixture: 'fidelity', command: ['sh', '-c', MAKE] },
];

interface Place {
  readonly engine: Engine;
  readonly image: ImageDetails;
  readonly toolbox: Toolbox;
  readonly reader: ImageReader;
}

const OPTIONS: RunOptions = { network: 'none' };
const streams = { onOutput: () => {} };

async function secondsOf(engine: Engine, config: ContainerConfig): Promise<number> {
  await using container = await engine.createContainer(config, 'bench');
  const start = performance.now();
  const status = await runContainer(container, config, streams);
  if (status !== 0) throw new Error(`${config.Cmd?.join(' ')} ended with ${status}`);
  return (performance.now() - start) / 1000;
}

const WAYS = {
  plain: ({ engine, image }: Place, command: readonly string[]) =>
    secondsOf(engine, toContainerConfig(image.id, command, OPTIONS)),

  async traced({ engine, image, toolbox, reader }: Place, command: readonly string[]) {
    await using run = await traceRun(engine, toolbox, reader, { image, command, options: OPTIONS, streams });
    if (run.exitStatus !== 0) throw new Error(`${command.join(' ')} ended with ${run.exitStatus}`);
    return run.seconds;
  },

  /** As it is done without keepset: in the image, by its user, every call. */
  async 'strace -f'({ engine, image, toolbox }: Place, command: readonly string[]) {
    const [entrypoint = '', ...rest] = toolCommand('strace', ['-f', '-o', '/tmp/trace', ...command]);
    const plain = toContainerConfig(image.id, command, OPTIONS);
    return await secondsOf(engine, {
      ...plain,
      Entrypoint: [entrypoint],
      Cmd: rest,
      HostConfig: { ...plain.HostConfig, Mounts: [toolbox.mount] },
    });
  },
};
type Way = keyof typeof WAYS;

const median = (numbers: readonly number[]) =>
  [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

await using engine = await connectTestEngine();
const results = [];
for (const { title, fixture, command } of WORKLOADS) {
  const image = await engine.inspectImage(await ensureImage(engine, fixture));
  if (image === undefined) throw new Error(`${fixture} was not built`);
  const toolbox = await provideToolbox(engine, image.id, image.architecture);
  await using reader = await openImageReader(engine, image, toolbox);
  const place = { engine, image, toolbox, reader };
  const seconds: Record<Way, number[]> = { plain: [], traced: [], 'strace -f': [] };
  await WAYS.plain(place, command);
  for (let round = 0; round < rounds; round++)
    for (const way of Object.keys(WAYS) as Way[]) seconds[way].push(await WAYS[way](place, command));
  // In pairs: each round's own plain run, since the machine is not always as fast.
  const ratio = (way: Way) => median(seconds[way].map((time, round) => time / (seconds.plain[round] ?? 0)));
  results.push({
    title,
    seconds: Object.fromEntries(Object.entries(seconds).map(([way, times]) => [way, median(times)])),
    tracedToPlain: ratio('traced'),
    straceToPlain: ratio('strace -f'),
  });
}

const machine = `${cpus().length} × ${cpus()[0]?.model}, engine ${engine.details.version}, Node ${process.versions.node}, medians of ${rounds}`;
if (flags.json) process.stdout.write(`${JSON.stringify({ machine, results }, null, 2)}\n`);
else {
  process.stdout.write(`${machine}\n\n`);
  process.stdout.write(
    `${'command'.padEnd(24)}${'plain'.padStart(9)}${'traced'.padStart(9)}${'ratio'.padStart(7)}${'strace -f'.padStart(11)}${'ratio'.padStart(7)}\n`,
  );
  for (const { title, seconds, tracedToPlain, straceToPlain } of results) {
    const time = (way: Way, width: number) => `${(seconds[way] ?? 0).toFixed(2)} s`.padStart(width);
    process.stdout.write(
      `${title.padEnd(24)}${time('plain', 9)}${time('traced', 9)}${tracedToPlain.toFixed(2).padStart(7)}${time('strace -f', 11)}${straceToPlain.toFixed(2).padStart(7)}\n`,
    );
  }
}
