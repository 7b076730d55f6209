import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngineImage } from '@keepset/image-source';
import { openImageReader, provideToolbox } from '@keepset/toolbox';
import { expect, it } from 'vitest';
import { connectTestEngine, ensureBase } from '../../../test-fixtures/images.ts';
import { runReadmeExample } from '../../../test-fixtures/readme-example.ts';
import * as imageBuilder from './index.js';

async function run(block: number, replace: Readonly<Record<string, string>>) {
  const { printed, expected } = await runReadmeExample({
    readme: new URL('../README.md', import.meta.url),
    load: (name) => (name === '@keepset/image-builder' ? imageBuilder : import(name)),
    replace,
    block,
  });
  expect(printed).toEqual(expected);
}

it("prints what the README's example with an engine says", async () => {
  await using engine = await connectTestEngine();
  await run(0, { 'debian:bookworm-slim': await ensureBase(engine) });
});

it("prints what the README's example without an engine says", async () => {
  await using engine = await connectTestEngine();
  const source = await engine.inspectImage(await ensureBase(engine));
  if (source === undefined) throw new Error('the base was not built');
  const toolbox = await provideToolbox(engine, source.id, source.architecture);
  await using reader = await openImageReader(engine, source, toolbox);
  const image = openEngineImage(reader, source);
  const folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  const { completePaths, spoolPaths, toImageConfig, writeOutput } = imageBuilder;
  const paths = await completePaths(['/bin/cat', '/etc/debian_version'], image);
  const layer = await spoolPaths(image, paths, { file: join(folder, 'layer.tar') });
  const config = toImageConfig(image.config, { layers: [layer], createdBy: 'test' });
  const layout = join(folder, 'layout');
  await writeOutput(
    { config, layers: [layer], references: [] },
    { type: 'oci', destination: layout, asFolder: true },
  );
  await run(1, { './layout': layout });
  await rm(folder, { recursive: true });
});
