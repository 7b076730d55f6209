import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine, ImageDetails } from '@keepset/docker-engine';
import { type ImageSource, openEngineImage } from '@keepset/image-source';
import { openImageReader, provideToolbox } from '@keepset/toolbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePrograms } from '../../../../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureImage } from '../../../../test-fixtures/images.ts';
import { whiteout } from '../layer/generated-entry.js';
import type { SpooledLayer } from '../layer/spool-layer.js';
import { writeOutput } from '../output/write-output.js';
import { buildLayered, type LayerPaths, spoolPaths } from './build-layered.js';
import { type BuiltImage, configureImage } from './configure-image.js';

const run = promisify(execFile);
const REFERENCE = 'example/layered:one';
const LOWEST: LayerPaths = { name: 'volume', paths: ['/volume/below/file', '/volume/file'] };
const ABOVE: LayerPaths = { name: 'metadata', paths: ['/metadata/old', '/metadata/empty'] };
const TOPMOST: LayerPaths = { name: 'topmost', paths: ['/metadata/fine'] };

let engine: Engine;
let folder: string;
let source: ImageDetails;
let content: ImageSource;
const built = new Set<string>();

beforeAll(async () => {
  await ensurePrograms('skopeo', 'umoci');
  engine = await connectTestEngine();
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  source = (await engine.inspectImage(await ensureImage(engine, 'metadata'))) as ImageDetails;
  const toolbox = await provideToolbox(engine, source.id, source.architecture);
  content = openEngineImage(await openImageReader(engine, source, toolbox), source);
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
  for (const id of built) await engine?.removeImage(id);
  await rm(folder, { recursive: true });
});

async function build(...layers: readonly LayerPaths[]): Promise<BuiltImage> {
  const image = await buildLayered(engine, content, { layers, folder, createdBy: 'test of layers' });
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
    const other = await build(LOWEST, TOPMOST);
    const turned = [await build(LOWEST, ABOVE, TOPMOST), await build(ABOVE, LOWEST, TOPMOST)].map(diffIds);
    expect(again.id).toBe(first.id);
    expect(diffIds(other)[0]).toBe(diffIds(first)[0]);
    expect(diffIds(other)[1]).not.toBe(diffIds(first)[1]);
    expect(turned[1]?.slice(0, 2)).toEqual(turned[0]?.slice(0, 2).toReversed());
    expect(turned[1]?.[2]).toBe(turned[0]?.[2]);
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

  it('has in its topmost layer what is generated, and whiteouts take it away again', async () => {
    const facts = { uid: 12, gid: 34, mtimeSeconds: 1323785716 };
    const made = { path: '/metadata/made', mode: 0o2751, ...facts };
    const generated = [
      { path: '/metadata/made/é\n', content: Buffer.from('a note'), mode: 0o640, ...facts },
      made,
    ].map((each) => ({ ...each, path: Buffer.from(each.path).toString('latin1') }));
    const list = async (...layers: readonly SpooledLayer[]) => {
      const local = await mkdtemp(join(folder, 'local-'));
      const image = { config: '{}', layers, references: [] };
      await writeOutput(image, { type: 'local', destination: local });
      return (await run('find', [local, '-printf', '%P %y %m %U:%G %Ts %s\\0'])).stdout.split('\0');
    };
    const layers = [LOWEST, ABOVE];
    const plain = await build(...layers);
    const request = { layers, folder, createdBy: 'test of layers' };
    const image = await buildLayered(engine, content, { ...request, generated });
    built.add(image.id);
    const again = await buildLayered(engine, content, { ...request, generated: generated.toReversed() });
    expect(again.id).toBe(image.id);
    expect(diffIds(plain)[0]).toBe(diffIds(image)[0]);
    expect(diffIds(plain)[1]).not.toBe(diffIds(image)[1]);
    const files = join(folder, 'whiteout.tar');
    const wiped = await spoolPaths(content, ['/metadata'], { file: files, generated: [whiteout(made)] });
    const config = await configureImage(engine, [...image.layers, wiped], { ...request, source: content });
    built.add(config.id);
    expect(await list(...(again.layers as readonly SpooledLayer[]))).toEqual(
      expect.arrayContaining([
        'metadata/made d 2751 12:34 1323785716 4096',
        'metadata/made/é\n f 640 12:34 1323785716 6',
      ]),
    );
    await using after = await openImageReader(
      engine,
      (await engine.inspectImage(config.id)) as ImageDetails,
      await provideToolbox(engine, source.id, source.architecture),
    );
    expect(await after.readLinks([made.path, '/metadata/old'])).toEqual([
      { kind: 'missing' },
      { kind: 'other' },
    ]);
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
