import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { type ImageReader, openImageReader, provideToolbox } from '@keepset/toolbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePrograms } from '../../../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import type { BuiltImage } from './build-image.js';
import { buildLayered, type LayerPaths } from './build-layered.js';
import type { SpooledLayer } from './spool-layer.js';
import { writeOutput } from './write-output.js';

const run = promisify(execFile);
const REFERENCE = 'example/layered:one';
const LOWEST: LayerPaths = { name: 'volume', paths: ['/volume/below/file', '/volume/file'] };
const ABOVE: LayerPaths = { name: 'metadata', paths: ['/metadata/old', '/metadata/empty'] };

let engine: Engine;
let folder: string;
let source: ImageDetails;
let reader: ImageReader;
const built = new Set<string>();

beforeAll(async () => {
  await ensurePrograms('skopeo', 'umoci');
  engine = await connectTestEngine();
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  source = (await engine.inspectImage(await ensureImage(engine, 'metadata'))) as ImageDetails;
  const toolbox = await provideToolbox(engine, source.id, source.architecture);
  reader = await openImageReader(engine, source, toolbox);
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  for (const id of built) await engine?.removeImage(id);
  await rm(folder, { recursive: true });
});

async function build(...layers: readonly LayerPaths[]): Promise<BuiltImage> {
  const image = await buildLayered(engine, reader, { source, layers, folder, createdBy: 'test of layers' });
  built.add(image.id);
  return image;
}

const diffIds = ({ layers }: BuiltImage) => layers.map(({ diffId }) => diffId);

describe('an image of several layers', () => {
  it('has each of them, with its name in the history', async () => {
    const image = await build(LOWEST, ABOVE);
    expect((await engine.inspectImage(image.id))?.diffIds).toEqual(diffIds(image));
    const { history } = JSON.parse(image.config) as { history: { comment: string }[] };
    expect(history.map(({ comment }) => comment)).toEqual(['volume', 'metadata']);
  });

  it('has a layer in common with whatever has the list of it in common', async () => {
    const [first, again] = [await build(LOWEST, ABOVE), await build(LOWEST, ABOVE)];
    const other = await build(LOWEST, { name: 'other', paths: ['/metadata/fine'] });
    const turned = await build(ABOVE, LOWEST);
    expect(again.id).toBe(first.id);
    expect(diffIds(other)[0]).toBe(diffIds(first)[0]);
    expect(diffIds(other)[1]).not.toBe(diffIds(first)[1]);
    expect(diffIds(turned)).toEqual(diffIds(first).toReversed());
  });

  it('is the same tree to umoci and as a folder, with owners and modes of the folders on the way', async () => {
    const { config, layers } = await build(LOWEST, ABOVE);
    const image = { config, layers: layers as readonly SpooledLayer[], references: [REFERENCE] };
    const [layout, bundle, local] = ['layout', 'bundle', 'local'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeOutput(image, { type: 'oci', destination: layout, asFolder: true, compression: 'gzip' });
    await run('umoci', ['unpack', '--image', `${layout}:one`, bundle]);
    await writeOutput(image, { type: 'local', destination: local });
    const list = async (root: string) =>
      (await run('find', [root, '-mindepth', '1', '-printf', '%P %y %m %U:%G %T@ %s\n'])).stdout
        .split('\n')
        .filter((line) => !/^(metadata|volume)(\/below)? d/.test(line) || /below/.test(line))
        .sort();
    expect(await list(local)).toContainEqual(expect.stringMatching(/^volume\/below d 2750 12:34 /));
    expect(await list(local)).toEqual(await list(join(bundle, 'rootfs')));
    const { stdout } = await run('skopeo', ['inspect', '--raw', `oci:${layout}:one`]);
    expect((JSON.parse(stdout) as { layers: object[] }).layers).toHaveLength(2);
  });

  it('has no tar', async () => {
    const { config, layers } = await build(LOWEST, ABOVE);
    const image = { config, layers: layers as readonly SpooledLayer[], references: [] };
    const written = writeOutput(image, { type: 'tar', destination: join(folder, 'none.tar') });
    await expect(written).rejects.toMatchObject({ code: 'BUILD_OUTPUT_FAILED', hint: expect.any(String) });
    expect(await readdir(folder)).not.toContain('none.tar');
  });

  it('names all that is missing, and is not made', async () => {
    const missing = build(LOWEST, { name: 'missing', paths: ['/none', '/metadata/old', '/not'] });
    await expect(missing).rejects.toMatchObject({ code: 'BUILD_PATHS_MISSING', paths: ['/none', '/not'] });
  });
});
