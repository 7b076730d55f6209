import { type Engine, type ImageDetails, runProgram } from '@keepset/docker-engine';
import {
  type ImageReader,
  openImageReader,
  provideToolbox,
  type Toolbox,
  toolCommand,
} from '@keepset/toolbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { type EntriesOptions, openEngineImage, writeTarEntries } from '../src/index.ts';

let engine: Engine;
let toolbox: Toolbox;
let metadata: ImageDetails;
let reader: ImageReader;

beforeAll(async () => {
  engine = await connectTestEngine();
  const image = await engine.inspectImage(await ensureImage(engine, 'metadata'));
  if (image === undefined) throw new Error('the image was not built');
  metadata = image;
  toolbox = await provideToolbox(engine, metadata.id, metadata.architecture);
  reader = await openImageReader(engine, metadata, toolbox);
  const command = ['/bin/sh', '/fidelity/make-metadata', '/live'];
  await runProgram(reader.container, { command, user: '0' });
});
afterAll(async () => await engine?.[Symbol.asyncDispose]());

/** The entries as the tar of a layer. */
async function toTar(from: ImageReader, paths: readonly string[], options?: EntriesOptions): Promise<Buffer> {
  const image = openEngineImage(from, metadata);
  return Buffer.concat(await Array.fromAsync(writeTarEntries(image.entries(paths, options))));
}

/** Unpack into a folder of the reader's own container. */
async function unpack(archive: Uint8Array, folder: string): Promise<void> {
  await runProgram(reader.container, { command: ['/bin/mkdir', '-p', folder], user: '0' });
  const options = ['--xattrs', '--xattrs-include=*', '-p', '--numeric-owner', '-C', folder];
  const command = toolCommand('tar', ['-x', ...options]);
  await runProgram(reader.container, { command, user: '0', stdin: [archive] });
}

/** What is below the folders, by a program that knows nothing of tar or find. */
async function describeTree(...folders: string[]): Promise<string[]> {
  const command = ['/fidelity/describe', ...folders];
  const text = await runProgram(reader.container, { command, user: '0' });
  return text.toString('latin1').split('\n').filter(Boolean);
}

describe('the tree of an image of an engine', () => {
  it('has the same times by another reader, as the entries have: of renewed folders, the time of creation', async () => {
    const folders = ['/', '/etc', '/made', '/made/by', '/made/by/the-engine', '/volume', '/volume/below'];
    await using second = await openImageReader(engine, metadata, toolbox);
    const created = Math.floor(Date.parse(metadata.created ?? '') / 1000);
    for (const from of [reader, second]) {
      const image = openEngineImage(from, metadata);
      const tree = await image.tree();
      for (const path of folders) expect(tree.get(path)?.mtimeSeconds, path).toBe(created);
      for await (const { path, mtimeSeconds } of image.entries(['/metadata', ...folders]))
        expect(tree.get(path)?.mtimeSeconds, path).toBe(mtimeSeconds);
    }
  });
});

describe('the entries of an image of an engine', () => {
  it('hold every kind of metadata as it was; only holes are filled', async () => {
    const command = toolCommand('find', ['/live', '-print0']);
    const paths = (await runProgram(reader.container, { command }))
      .toString('latin1')
      .split('\0')
      .filter(Boolean);
    await unpack(await toTar(reader, paths), '/unpacked');
    const after = (await describeTree('/unpacked/live')).map((line) => line.replaceAll('/unpacked/', '/'));
    const before = await describeTree('/live');
    expect(after).toEqual(before.map((line) => line.replace(' holes', '')));
    for (const sign of ['security.capability=', 'user.note=00ff0a3d', 'posix_acl_access=', '.123456789'])
      expect(before.join('\n')).toContain(sign);
  });

  it('are the same, byte for byte, by another reader, volumes and renewed folders included', async () => {
    const paths = [
      '/',
      '/etc',
      '/etc/passwd',
      '/made',
      '/made/by',
      '/made/by/the-engine',
      '/metadata',
      '/proc',
    ];
    paths.push('/metadata/hard-1', '/metadata/hard-2', '/volume', '/volume/below', '/volume/file');
    await using second = await openImageReader(engine, metadata, toolbox);
    expect((await toTar(second, paths)).equals(await toTar(reader, paths))).toBe(true);
  });

  it('have the folders that an engine covers, and nothing that an engine made', async () => {
    await unpack(
      await toTar(reader, ['/dev', '/dev/null', '/proc', '/sys', '/etc/hosts', '/.dockerenv']),
      '/own',
    );
    const lines = await describeTree('/own');
    expect(lines.slice(1).map((line) => line.replace(/ mtime.*/, ''))).toEqual([
      '/own/dev mode=040755 owner=0:0',
      '/own/proc mode=040755 owner=0:0',
      '/own/sys mode=040755 owner=0:0',
    ]);
  });

  it('are an error when a path does not exist, which it names', async () => {
    const asked = toTar(reader, ['/etc/passwd', '/none/of-these']);
    await expect(asked).rejects.toMatchObject({
      code: 'EXEC_FAILED',
      message: expect.stringContaining('none/of-these'),
    });
  });
});

describe('stubs', () => {
  const long = 'n'.repeat(200);
  const stubs = new Set([
    '/metadata/hard-1',
    '/metadata/mode-4755',
    '/metadata/owned-by-many',
    '/metadata/folder\xff/in',
    `/metadata/${long}/${long}`,
    '/metadata/old',
    '/metadata/empty',
    '/metadata/link',
  ]);
  let lines: readonly string[];

  beforeAll(async () => {
    const folders = ['/metadata', '/metadata/elsewhere', '/metadata/folder\xff', `/metadata/${long}`];
    const paths = [...folders, ...stubs, '/metadata/hard-2', '/metadata/elsewhere/hard-3'];
    await unpack(await toTar(reader, paths, { stubs }), '/stubs');
    lines = (await describeTree('/stubs')).map((line) => line.replaceAll('/stubs/', '/'));
  });
  const lineOf = (path: string) => lines.find((line) => line.startsWith(`${path} `));
  const empty = 'size=0 content=cbf29ce484222325';

  it.each(['mode-4755', 'owned-by-many', 'folder%FF/in', `${long}/${long}`, 'old'])(
    'a file loses its content and keeps the rest: %s',
    async (name) => {
      const [original = ''] = await describeTree(`/metadata/${name}`).catch(() => []);
      const expected =
        original !== ''
          ? original.replace(/size=.*/, empty)
          : // A name that cannot be given as an argument.
            expect.stringContaining(empty);
      expect(lineOf(`/metadata/${name}`)).toEqual(expected);
    },
  );

  it('the other names of its inode keep theirs', () => {
    expect(lineOf('/metadata/hard-1')).toContain(empty);
    expect(lineOf('/metadata/elsewhere/hard-3')).toContain('size=7');
    expect(lineOf('/metadata/hard-2')).toContain('size=7 same-as=/metadata/elsewhere/hard-3');
  });

  it('folders and links go in as they are', () => {
    expect(lineOf('/metadata/empty')).toContain('mode=041770 owner=7:8');
    expect(lineOf('/metadata/link')).toContain('target=old');
  });
});
