// Pipelines of real clients, unmodified: each is run plainly, recorded, shrunk, and proved on its small images, and what it
// leaves is held against what the plain run left. Clients that are missing are installed.
//   pnpm bench:pipelines [NAME …] [--json]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { connectTestEngine } from '../test-fixtures/images.ts';
import { provideImages } from './pipelines/images.ts';
import { PIPELINES } from './pipelines/pipelines.ts';
import { type Outcome, tryPipeline } from './pipelines/try-pipeline.ts';

const { values: flags, positionals: wanted } = parseArgs({
  options: { json: { type: 'boolean' } },
  allowPositionals: true,
});
const pipelines = PIPELINES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

await using engine = await connectTestEngine();
const outcomes: Outcome[] = [];
for (const pipeline of pipelines) {
  await provideImages(engine, pipeline.images);
  const outcome = await tryPipeline(pipeline);
  outcomes.push(outcome);
  if (!flags.json) console.log(describe(outcome));
}
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Docker ${engine.details.version}, Node ${process.version}`;
console.log(flags.json ? JSON.stringify({ machine, outcomes }) : machine);
process.exitCode = outcomes.length > 0 && outcomes.every(({ faults }) => faults.length === 0) ? 0 : 1;

function describe({ name, containers, untraced, images, seconds, faults }: Outcome): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const steps = Object.entries(seconds).map(([step, value]) => `${step} ${value.toFixed(1)} s`);
  return [
    `${name}: ${containers} containers, ${untraced} untraced, ${images.length} images; ${steps.join(', ')}`,
    ...images.map(
      ({ name: image, sourceBytes, resultBytes }) =>
        `  ${image}: ${megabytes(sourceBytes)} → ${resultBytes === undefined ? 'left alone' : megabytes(resultBytes)}`,
    ),
    ...(faults.length === 0
      ? ['  proved, and what it left is equal']
      : faults.map((fault) => `  FAULT ${fault}`)),
  ].join('\n');
}
