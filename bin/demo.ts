// The demo behind bin/demo: build, shrink, run both, compare the plots byte for byte, and print what it cost.
import { createHash } from 'node:crypto';
import { type Engine, toContainerConfig } from '@keepset/docker-engine';
import { shrink } from '@keepset/shrinker';
import { connectTestEngine, ensureImage } from '../test-fixtures/images.ts';

const OUT = 'keepset-demo:small';
const PLOTS = ['base.png', 'ggplot2.png'];

const say = (text: string) => process.stdout.write(`${text}\n`);
const started = performance.now();

/** Run an image's own command; the plots it drew, and the seconds it took. */
async function draw(engine: Engine, image: string): Promise<{ seconds: number; plots: string[] }> {
  await using container = await engine.createContainer(toContainerConfig(image, [], {}), 'demo');
  const start = performance.now();
  await container.start();
  const status = await container.wait();
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`the document failed in ${image} with exit status ${status}`);
  const plots: string[] = [];
  for (const plot of PLOTS) {
    for await (const { content } of (await container.getFiles(`/paper/${plot}`)) ?? []) {
      plots.push(
        createHash('sha256')
          .update(Buffer.concat(await Array.fromAsync(content)))
          .digest('hex'),
      );
    }
  }
  return { seconds, plots };
}

await using engine = await connectTestEngine();
say(`engine   Docker ${engine.details.version} at ${engine.details.address}`);
say(
  'image    building the demo image: R with ggplot2, and a document that draws two plots (minutes, the first time)',
);
const source = await ensureImage(engine, 'demo');
const result = await shrink(
  engine,
  { image: source, tags: [OUT], version: 'demo' },
  {
    onOutput: ({ bytes }) => void process.stdout.write(bytes),
    onEvent: (event) =>
      event.kind === 'stage-ended' &&
      say(`${event.stage.padEnd(9)}${event.seconds.toFixed(1)} s  ${event.detail}`),
  },
);
const before = await draw(engine, source);
const after = await draw(engine, OUT);
const same =
  before.plots.length === PLOTS.length && before.plots.every((plot, index) => plot === after.plots[index]);

const megabytes = (sizeBytes: number) => `${(sizeBytes / 1e6).toFixed(1)} MB`;
const rows: [string, string][] = [
  ['source', megabytes(result.sourceBytes)],
  ['result', megabytes(result.resultBytes)],
  ['share', `${((100 * result.resultBytes) / result.sourceBytes).toFixed(1)} %`],
  ['entries kept', `${result.keptEntries} of ${result.sourceEntries}`],
  ...result.stages.map(({ stage, seconds }): [string, string] => [stage, `${seconds.toFixed(1)} s`]),
  ['plain run', `${before.seconds.toFixed(1)} s`],
  ['run of the result', `${after.seconds.toFixed(1)} s`],
  ['same output', same && result.verified ? 'yes' : 'no'],
  ['all together', `${((performance.now() - started) / 1000).toFixed(0)} s`],
  ['run it yourself', `DOCKER_HOST=${engine.details.address} docker run --rm ${OUT}`],
];
say('');
for (const [name, value] of rows) say(`${name.padEnd(18)}${value}`);
if (!same) process.exitCode = 3;
