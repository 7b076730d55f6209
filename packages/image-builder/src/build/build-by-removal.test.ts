import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import type { ArchiveFile, Engine, ImageDetails } from '@keepset/docker-engine';
import { openEngineImage } from '@keepset/image-source';
import { type ImageReader, openImageReader, provideToolbox, type Toolbox } from '@keepset/toolbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../../test-fixtures/images.ts';
import { buildByRemoval } from './build-by-removal.js';
import { buildImage } from './build-image.js';

let engine: Engine;
let source: ImageDetails;
let toolbox: Toolbox;
let reader: ImageReader;
let all: readonly string[];

beforeAll(async () => {
  engine = await connectTestEngine();
  source = (await engine.inspectImage(await ensureImage(engine, 'metadata'))) as ImageDetails;
  toolbox = await provideToolbox(engine, source.id, source.architecture);
  reader = await openImageReader(engine, source, toolbox);
  const listing = Buffer.concat(await Array.fromAsync(reader.readListing('%p\\0')));
  all = listing.toString('latin1').split('\0').filter(Boolean);
});
afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
});

/** Each image that was built in between, with the files that it was built of. */
function watched(change: (context: readonly ArchiveFile[]) => readonly ArchiveFile[] = (same) => same) {
  const between: string[] = [];
  const watching: Engine = {
    ...engine,
    async buildImage(context, options) {
      between.push(await engine.buildImage(change([...context]), options));
      return between.at(-1) as string;
    },
  };
  return { between, watching };
}

/** Of every kind and name half; no loader, no library, no shell, no /usr that the image's own programs would need. */
function halfOfIt(): { paths: readonly string[]; stubs: ReadonlySet<string> } {
  const below = (folder: string) => all.filter((path) => path.startsWith(`${folder}/`));
  const half = below('/metadata').filter(
    (path, index) => index % 2 === 0 && !/^\/metadata\/many\//.test(path),
  );
  const parents = half.map((path) => path.slice(0, path.lastIndexOf('/')));
  const some = ['/', '/etc', '/etc/passwd', '/dev', '/volume', '/volume/below', '/metadata/many'];
  const paths = [...some, ...half, ...parents, ...below('/metadata/many').slice(0, 10)];
  return { paths, stubs: new Set(['/etc/passwd', '/metadata/many/file-1']) };
}

describe('the image of a Dockerfile that removes the rest', () => {
  it('is the one that is built directly, to the byte', async () => {
    const request = { source, ...halfOfIt(), createdBy: 'test of removal' };
    const { between, watching } = watched();
    const removed = await buildByRemoval(watching, reader, { ...request, toolbox });
    const direct = await buildImage(engine, openEngineImage(reader, source), {
      ...request,
      layersByDiffId: source.layersByDiffId,
    });
    await engine.removeImage(removed.id);
    expect(removed).toMatchObject({ id: direct.id, layers: direct.layers, existed: false });
    expect(between).toHaveLength(1);
    expect(await engine.inspectImage(between[0] as string)).toBeUndefined();
  });
});

/** Asked without the engine port: what it should have removed, it may not know. Steps of a build are listed with `all`. */
async function imagesWithLabel(label: string): Promise<readonly string[]> {
  const { protocol, pathname, hostname, port } = new URL(engine.details.address);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ ...where, path: `/images/json?all=1&filters=${filters}` }, resolve).on('error', reject);
  });
  const text = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>)).toString();
  return (JSON.parse(text) as { Id: string }[]).map(({ Id }) => Id);
}

describe('it is an error', () => {
  const request = { paths: ['/', '/etc', '/etc/passwd'], createdBy: 'test of removal' };

  it('when the engine did not remove what it should, and nothing is left', async () => {
    const { between, watching } = watched((context) =>
      context.map((file) =>
        file.header.name === 'tools/remove.list' ? { ...file, content: Buffer.from('/opt\0/srv\0') } : file,
      ),
    );
    await expect(buildByRemoval(watching, reader, { source, toolbox, ...request })).rejects.toMatchObject({
      code: 'BUILD_NOT_REMOVED',
      message: expect.stringMatching(/^\d+ files are still there after their removal: \//),
    });
    expect(await engine.inspectImage(between[0] as string)).toBeUndefined();
  });

  it('when the remover fails, and no step of the build is left', async () => {
    const mark = `org.keepset.test=${randomUUID()}`;
    const { watching } = watched((context) =>
      context.map((file) => {
        if (file.header.name === 'tools/remove.list') return { ...file, content: Buffer.from('/none\0') };
        if (file.header.name !== 'Dockerfile') return file;
        const lines = Buffer.from(file.content ?? [])
          .toString()
          .split('\n');
        return { ...file, content: Buffer.from(lines.toSpliced(1, 0, `LABEL ${mark}`).join('\n')) };
      }),
    );
    await expect(buildByRemoval(watching, reader, { source, toolbox, ...request })).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
    });
    expect(await imagesWithLabel(mark)).toEqual([]);
    expect(await engine.inspectImage(source.id)).toBeDefined();
  });

  it('when paths are missing, which it names', async () => {
    const { between, watching } = watched();
    const missing = { ...request, source, toolbox, paths: ['/', '/none', '/no/such'] };
    await expect(buildByRemoval(watching, reader, missing)).rejects.toMatchObject({
      code: 'BUILD_PATHS_MISSING',
      paths: ['/no/such', '/none'],
    });
    expect(between).toEqual([]);
  });

  it('when the source has triggers, which would run', async () => {
    const triggered = { ...source, config: { ...source.config, OnBuild: ['RUN true'] } };
    const built = buildByRemoval(engine, reader, { ...request, source: triggered, toolbox });
    await expect(built).rejects.toMatchObject({ code: 'BUILD_NO_INSTRUCTION', hint: expect.any(String) });
  });
});
