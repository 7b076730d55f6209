import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Engine, runProgram } from '@keepset/docker-engine';
import { openEngineImage } from '@keepset/image-source';
import { openImageReader, provideToolbox, toolCommand } from '@keepset/toolbox';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensurePrograms } from '../../../../test-fixtures/ensure-programs.ts';
import { connectTestEngine, ensureImage } from '../../../../test-fixtures/images.ts';
import { buildImage } from '../build/build-image.js';
import type { BuiltImage } from '../build/configure-image.js';
import type { SpooledLayer } from '../layer/spool-layer.js';
import { type Output, type OutputImage, writeOutput } from './write-output.js';

const REFERENCE = 'example/result:one';
const run = promisify(execFile);

let engine: Engine;
let folder: string;
let built: BuiltImage;
let image: OutputImage;
let layer: SpooledLayer;
let names = 0;
const nextPath = () => join(folder, `out-${names++}`);

beforeAll(async () => {
  await ensurePrograms('skopeo', 'umoci');
  engine = await connectTestEngine();
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  const source = await engine.inspectImage(await ensureImage(engine, 'metadata'));
  if (source === undefined) throw new Error('no fixture');
  const toolbox = await provideToolbox(engine, source.id, source.architecture);
  await using reader = await openImageReader(engine, source, toolbox);
  await runProgram(reader.container, { command: ['/bin/sh', '/fidelity/make-metadata', '/live'] });
  const list = await runProgram(reader.container, {
    command: toolCommand('find', ['/live', '/fidelity', '-print0']),
  });
  const paths = [
    '/',
    ...list
      .toString('latin1')
      .split('\0')
      .filter((path) => path !== '' && !path.startsWith('/live/many/')),
  ].sort();
  built = await buildImage(engine, openEngineImage(reader, source), {
    paths,
    createdBy: 'test of outputs',
    layerFile: join(folder, 'layer.tar'),
  });
  image = { config: built.config, layers: built.layers as readonly SpooledLayer[], references: [REFERENCE] };
  layer = image.layers[0] as SpooledLayer;
});
afterAll(async () => {
  if (built !== undefined) await engine.removeImage(built.id);
  await engine?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function write(output: Omit<Output, 'destination'>): Promise<string> {
  const destination = nextPath();
  await writeOutput(image, { ...output, destination });
  return destination;
}

/** What GNU tar finds different between a tar and a folder. */
async function differences(tar: string, against: string): Promise<string> {
  const args = [
    '--compare',
    '--file',
    tar,
    '--directory',
    against,
    '--numeric-owner',
    '--xattrs',
    '--xattrs-include=*',
  ];
  return await run('tar', args).then(
    ({ stdout }) => stdout,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}

/** Every attribute of a tree that find knows, but for what a folder's own place gives it. */
async function listFolder(root: string): Promise<string[]> {
  const format = '%P\\0%y %m %U:%G %T@ %s %l\\0';
  const { stdout } = await run('find', [root, '-mindepth', '1', '-not', '-type', 'd', '-printf', format], {
    encoding: 'latin1',
    maxBuffer: 1e8,
  });
  return stdout.split('\0').sort();
}

describe('an OCI image', () => {
  it.each(['none', 'gzip', 'zstd'] as const)(
    'with compression %s is what skopeo reads, checks and copies',
    async (compression) => {
      const file = await write({ type: 'oci', compression });
      const { stdout } = await run('skopeo', ['inspect', '--config', '--raw', `oci-archive:${file}:one`]);
      expect(stdout).toBe(image.config);
      const copy = nextPath();
      await run('skopeo', ['copy', '--insecure-policy', `oci-archive:${file}`, `dir:${copy}`]);
      const manifest = JSON.parse(await readFile(join(copy, 'manifest.json'), 'utf8'));
      expect(manifest.layers[0].mediaType).toBe(
        `application/vnd.oci.image.layer.v1.tar${compression === 'none' ? '' : `+${compression}`}`,
      );
    },
  );

  it('as a folder is what umoci unpacks to the same tree', async () => {
    const layout = await write({ type: 'oci', asFolder: true, compression: 'gzip' });
    const bundle = nextPath();
    await run('umoci', ['unpack', '--image', `${layout}:one`, bundle]);
    expect(await differences(layer.file, join(bundle, 'rootfs'))).toBe('');
  });

  it('is loaded by the engine under its id', async () => {
    await engine.removeImage(built.id);
    const file = await write({ type: 'oci', compression: 'gzip' });
    const id = await engine
      .loadImage(createReadStream(file))
      .catch(async () => (await engine.inspectImage(REFERENCE))?.id);
    await engine.removeImage(REFERENCE);
    expect(id).toBe(built.id);
  });

  it('has the digest that it is said to have, and is the same each time', async () => {
    const [one, other] = [nextPath(), nextPath()];
    const digest = await writeOutput(image, { type: 'oci', destination: one, compression: 'gzip' });
    await writeOutput(image, { type: 'oci', destination: other, compression: 'gzip' });
    const { stdout } = await run('skopeo', ['inspect', '--format', '{{.Digest}}', `oci-archive:${one}:one`]);
    expect(stdout.trim()).toBe(digest);
    expect((await readFile(one)).equals(await readFile(other))).toBe(true);
  });
});

describe('a docker archive', () => {
  it('has its name, and the engine loads it under its id', async () => {
    const file = await write({ type: 'docker' });
    const { stdout } = await run('skopeo', [
      'inspect',
      '--config',
      '--raw',
      `docker-archive:${file}:docker.io/${REFERENCE}`,
    ]);
    expect(JSON.parse(stdout).rootfs).toEqual(JSON.parse(image.config).rootfs);
    await engine.loadImage(createReadStream(file)).catch(() => {});
    expect((await engine.inspectImage(REFERENCE))?.id).toBe(built.id);
    await engine.removeImage(REFERENCE);
  });
});

describe('a tar', () => {
  it.each([
    ['none', []],
    ['gzip', ['--gzip']],
    ['zstd', ['--zstd']],
  ] as const)('with compression %s holds the files', async (compression, options) => {
    const file = await write({ type: 'tar', compression });
    const listed = (await run('tar', [...options, '--list', '--file', file])).stdout;
    expect(listed).toBe((await run('tar', ['--list', '--file', layer.file])).stdout);
  });

  it('goes to a sink just so', async () => {
    const chunks: Uint8Array[] = [];
    await writeOutput(image, { type: 'tar', destination: async (chunk) => void chunks.push(chunk) });
    expect(Buffer.concat(chunks).equals(await readFile(layer.file))).toBe(true);
  });
});

describe('a local folder', () => {
  it('holds the files with owner, mode, time and links', async () => {
    const local = await write({ type: 'local' });
    const expected = nextPath();
    await mkdir(expected);
    await run('tar', ['-xpf', layer.file, '-C', expected, '--numeric-owner']);
    expect(await listFolder(local)).toEqual(await listFolder(expected));
    expect(await differences(layer.file, local)).toBe('');
  });

  it('has no device nodes, unless they are asked for', async () => {
    const place = nextPath();
    await mkdir(place);
    await writeFile(join(place, 'file'), 'content');
    await run('mknod', [join(place, 'disk'), 'b', '8', '0']);
    const file = nextPath();
    await run('tar', ['-cf', file, '-C', place, 'disk', 'file']);
    const withDevice = { ...image, layers: [{ ...layer, file }] };
    for (const [devices, names] of [
      [false, ['file']],
      [true, ['disk', 'file']],
    ] as const) {
      const destination = nextPath();
      await writeOutput(withDevice, { type: 'local', destination, devices });
      expect((await readdir(destination)).sort()).toEqual(names);
    }
  });

  it('is whole where tar has ended before its input does', async () => {
    const [place, fifo, file] = [nextPath(), nextPath(), nextPath()];
    await mkdir(place);
    await writeFile(join(place, 'file'), 'content');
    await run('tar', ['-cf', file, '-C', place, 'file']);
    await run('mkfifo', [fifo]);
    const destination = nextPath();
    const slow = { ...image, layers: [{ ...layer, file: fifo }] };
    const written = writeOutput(slow, { type: 'local', destination, devices: true });
    const input = await open(fifo, 'w');
    await input.write(await readFile(file));
    await vi.waitFor(async () => expect(await readdir(destination)).toEqual(['file']), 10_000);
    await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain('ProcessWrap'), 10_000);
    await input.close();
    await written;
    expect(await readFile(join(destination, 'file'), 'utf8')).toBe('content');
  });
});

describe('when it cannot be written', () => {
  it.each([{ type: 'local' }, { type: 'oci', asFolder: true }] as const)(
    'a folder with something in it is left alone: %j',
    async (output) => {
      const destination = nextPath();
      await mkdir(destination);
      await writeFile(join(destination, 'mine'), 'mine');
      await expect(writeOutput(image, { ...output, destination })).rejects.toMatchObject({
        code: 'BUILD_OUTPUT_FAILED',
        message: `${destination} is not empty`,
      });
      expect(await readdir(destination)).toEqual(['mine']);
    },
  );

  it.each([{ type: 'oci' }, { type: 'local' }, { type: 'tar' }, { type: 'docker' }] as const)(
    'nothing is left: %j',
    async (output) => {
      const place = nextPath();
      await writeFile(place, 'a file');
      await expect(
        writeOutput(image, { ...output, destination: join(place, 'below') }),
      ).rejects.toMatchObject({
        code: 'BUILD_OUTPUT_FAILED',
        message: expect.stringContaining(place),
      });
      expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
    },
  );
});
