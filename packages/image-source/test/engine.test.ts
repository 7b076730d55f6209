import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Engine } from '@keepset/docker-engine';
import { checkTree, type ImageTree } from '@keepset/image-tree';
import { openImageReader, provideToolbox } from '@keepset/toolbox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectTestEngine, ensureImage } from '../../../test-fixtures/images.ts';
import { openDockerArchive, openEngineImage } from '../src/index.ts';
import { allCases } from './images-of-layers.ts';
import { toDockerArchive, toTar, writeArchive } from './make-image.ts';

let engine: Engine;
let folder: string;
let made: string | undefined;

beforeAll(async () => {
  engine = await connectTestEngine();
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
});
afterAll(async () => {
  if (made !== undefined) await engine.removeImage(made);
  await engine?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** `docker save` into a file. */
async function saveImage(id: string, file: string): Promise<string> {
  const { protocol, pathname, hostname, port } = new URL(engine.details.address);
  const where = protocol === 'unix:' ? { socketPath: pathname } : { hostname, port };
  const answer = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) => {
    get({ ...where, path: `/images/${id}/get` }, resolve).on('error', reject);
  });
  await pipeline(answer, createWriteStream(file));
  return file;
}

/** What an engine's own listing of a container gives, and where that is not the image's. */
interface EngineListing {
  readonly tree: ImageTree;
  /** Nothing of the image is shown there. */
  readonly covered: readonly string[];
  /** Folders that the engine makes in each container, or puts something into. */
  readonly touched: ReadonlySet<string>;
}

async function listByEngine(id: string): Promise<EngineListing> {
  const image = await engine.inspectImage(id);
  if (image === undefined) throw new Error(`the engine has no ${id}`);
  const toolbox = await provideToolbox(engine, image.id, image.architecture);
  await using reader = await openImageReader(engine, image, toolbox);
  const volumes = Object.keys(image.config.Volumes ?? {});
  const touched = new Set(['/', '/etc', '/run', ...volumes.flatMap(withParents)]);
  return { tree: await openEngineImage(reader, image).tree(), covered: reader.coveredPaths, touched };
}

function withParents(path: string): readonly string[] {
  const names = path.split('/');
  return names.map((_, index) => names.slice(0, index + 1).join('/')).filter(Boolean);
}

/** All that both know: a folder's size and link count are its file system's, inodes are numbers of their own. */
function describe(tree: ImageTree, { covered, touched }: EngineListing): Map<string, object> {
  const isHidden = (path: string) => covered.some((each) => `${path}/`.startsWith(`${each}/`));
  const facts = new Map<string, object>();
  for (const { inode, path, ...entry } of tree.entries()) {
    if (isHidden(path)) continue;
    const isFolder = entry.type === 'directory';
    const linked = tree.hardLinks(path).map((other) => other.path);
    facts.set(path, {
      ...entry,
      ...(isFolder && { sizeBytes: 0, linkCount: 1 }),
      // A volume's content is a copy, and its folders are new.
      ...([...touched].some((each) => path === each || (isFolder && isVolume(each, path))) && {
        mtimeSeconds: 0,
      }),
      linked,
    });
  }
  return facts;
}

function isVolume(touched: string, path: string): boolean {
  return touched.startsWith('/volume') && path.startsWith(`${touched}/`);
}

/** @returns how many entries were compared */
async function expectSame(id: string, file: string): Promise<number> {
  await using image = await openDockerArchive(file);
  expect(image.id).toBe(id);
  const tree = await image.tree();
  expect(checkTree(tree.entries())).toEqual([]);
  const listing = await listByEngine(id);
  const [own, theirs] = [describe(tree, listing), describe(listing.tree, listing)];
  for (const path of listing.touched) if (!own.has(path)) theirs.delete(path);
  expect([...own.keys()]).toEqual([...theirs.keys()]);
  const differ = [...theirs].filter(([path, facts]) => !isDeepStrictEqual(own.get(path), facts));
  expect(differ.map(([path, facts]) => ({ path, own: own.get(path), facts }))).toEqual([]);
  return own.size;
}

it('layers that do all that layers can do to each other: the tree is what the engine lists', async () => {
  const layers = await Promise.all(allCases().map(toTar));
  const file = await writeArchive(join(folder, 'made.tar'), toDockerArchive([{ layers }]));
  made = await engine.loadImage(createReadStream(file));
  expect(await expectSame(made, file)).toBeGreaterThan(150);
});

it('an image that was built, as it is saved: the tree is what the engine lists', async () => {
  const id = (await engine.inspectImage(await ensureImage(engine, 'metadata')))?.id ?? '';
  const count = await expectSame(id, await saveImage(id, join(folder, 'saved.tar')));
  expect(count).toBeGreaterThan(5000);
});
