import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES } from '../../../test/images-of-layers.ts';
import { digestOf, type LayerEntry, toBlobs, toLayout, writeFolder } from '../../../test/make-image.ts';
import { type IndexedBlob, type IndexKind, toIndexedLayer } from '../../../test/make-indexed-layer.ts';
import { folderStore } from '../../blobs/folder-store.js';
import type { ImageSource } from '../../image-source.js';
import { openImage } from '../../images/open-image.js';
import { readHeads } from '../../read-contents.js';
import { openOciLayout } from '../../sources/open-oci-layout.js';
import { tocPlaceOf } from './toc-place.js';

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

const KINDS: readonly IndexKind[] = ['estargz', 'zstd:chunked'];
const LARGE: readonly LayerEntry[] = [
  ['a/'],
  ['a/one', { pax: { 'SCHILY.xattr.user.mark': 'yes' } }, noise(3500)],
  ['a/two', {}, noise(2000)],
  ['a/same', { type: 'link', linkname: 'a/two' }],
  ['ä', { mode: 0o4755, uid: 7 }, 'umlaut'],
  ['z', {}, noise(999)],
];

/** It cannot be packed. */
function noise(sizeBytes: number): Buffer {
  let state = sizeBytes;
  return Buffer.from(
    Array.from({ length: sizeBytes }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return (state >>> 16) & 0x7f;
    }),
  );
}

/** Damages `at` of a blob, which keeps its name. */
async function writeLayout(layers: readonly IndexedBlob[], damaged: readonly number[] = []): Promise<string> {
  const image = toBlobs(
    layers.map(({ tar }) => tar),
    { packing: 'gzip', indexed: layers },
  );
  for (const { blob } of layers) {
    const copy = Buffer.from(blob);
    for (const at of damaged) copy[at] = (copy[at] as number) ^ 0xff;
    image.blobs.set(digestOf(blob), copy);
  }
  return await writeFolder(join(folder, String(made++)), toLayout([{ image }]));
}

async function readAll(image: ImageSource) {
  const paths = Array.from((await image.tree()).entries(), ({ path }) => path);
  const entries = await Array.fromAsync(image.entries(paths), async ({ content, ...facts }) => ({
    ...facts,
    bytes: Buffer.concat(await Array.fromAsync(content())).toString('latin1'),
  }));
  return entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

async function read(image: ImageSource, path: string): Promise<string> {
  const [entry] = await Array.fromAsync(image.entries([path]), async ({ content }) =>
    Buffer.concat(await Array.fromAsync(content())).toString('latin1'),
  );
  return entry ?? '';
}

describe.each(KINDS)('layers of %s', (kind) => {
  it.each(Object.entries({ ...CASES, 'pieces of contents': [LARGE] }))(
    '%s: hold what they hold from front to end',
    async (_, layers) => {
      const blobs = await Promise.all(layers.map((layer) => toIndexedLayer(layer, kind)));
      const place = await writeLayout(blobs);
      await using indexed = await openOciLayout(place);
      await using streamed = await openOciLayout(place, { unpackOnce: true });
      expect(await readAll(indexed)).toEqual(await readAll(streamed));
    },
  );

  it('are not read where nothing is wanted of them, and checked where something is', async () => {
    const blob = await toIndexedLayer(LARGE, kind);
    const offsets = (name: string) => blob.offsets.get(name) as readonly number[];
    // Behind what says how a piece is packed.
    const place = await writeLayout([blob], [(offsets('a/two')[1] as number) + 40]);
    await using image = await openOciLayout(place);
    expect((await image.tree()).size).toBe(kind === 'estargz' ? 8 : 7);
    expect(await read(image, '/a/one')).toBe(noise(3500).toString('latin1'));
    expect(await read(image, '/z')).toHaveLength(999);
    expect((await readHeads(image, ['/a/two'], 10))[0]).toHaveLength(10);
    await expect(read(image, '/a/same')).rejects.toMatchObject({
      code: expect.stringMatching(/^SOURCE_BAD_(?:DIGEST|LAYER)$/),
      message: expect.stringContaining(digestOf(blob.blob)),
    });
  });

  it('are refused where a content, or the table, is not the one that is vouched for', async () => {
    const lies = await toIndexedLayer(LARGE, kind, ({ entries }) => {
      for (const entry of entries) if (entry.name === 'z') entry.digest = digestOf('another');
    });
    await using image = await openOciLayout(await writeLayout([lies]));
    for (const wanted of [() => read(image, '/z'), () => readHeads(image, ['/z'], 1)])
      await expect(wanted()).rejects.toMatchObject({ code: 'SOURCE_BAD_DIGEST' });
    const longer = await toIndexedLayer(LARGE, kind, ({ entries }) => {
      for (const entry of entries) if (entry.name === 'z') entry.size = 1500;
    });
    await using long = await openOciLayout(await writeLayout([longer]));
    await expect(read(long, '/z')).rejects.toMatchObject({ code: expect.stringMatching(/^SOURCE_BAD_/) });
    const other = { ...lies, annotations: { ...lies.annotations } };
    for (const key of Object.keys(other.annotations))
      if (/digest|checksum/.test(key)) Object.assign(other.annotations, { [key]: digestOf('another') });
    await using changed = await openOciLayout(await writeLayout([other]));
    await expect(changed.tree()).rejects.toMatchObject({
      code: 'SOURCE_BAD_DIGEST',
      message: expect.stringContaining('the table of contents of'),
    });
  });

  it.each<[string, (entry: Record<string, unknown>) => void]>([
    ['several contents packed as one', (entry) => Object.assign(entry, { innerOffset: 5 })],
    ['a type that nobody knows', (entry) => Object.assign(entry, { type: 'door' })],
    ['a name that is no text', (entry) => Object.assign(entry, { name: 'a\ufffd' })],
    ['a size that is none', (entry) => Object.assign(entry, { size: -1 })],
    ['a place behind the table', (entry) => Object.assign(entry, { offset: 1e9 })],
    ['a time that is none', (entry) => Object.assign(entry, { modtime: 'soon' })],
    ['a piece that is missing', (entry) => Object.assign(entry, { size: 5000 })],
  ])('with %s are read from front to end', async (_, change) => {
    const blob = await toIndexedLayer(LARGE, kind, ({ entries }) => {
      for (const entry of entries) if (entry.name === 'a/one' && entry.type === 'reg') change(entry);
    });
    const place = await writeLayout([blob]);
    await using image = await openOciLayout(place);
    await using streamed = await openOciLayout(place, { unpackOnce: true });
    expect(await readAll(image)).toEqual(await readAll(streamed));
  });

  it('cost what is kept, and the table', async () => {
    const files = Array.from({ length: 40 }, (_, at): LayerEntry => [`file-${at}`, {}, noise(20_000 + at)]);
    const blob = await toIndexedLayer(files, kind);
    const place = await writeLayout([blob]);
    let readBytes = 0;
    const store = folderStore(place);
    async function* counted(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        readBytes += chunk.length;
        yield chunk;
      }
    }
    const toc = tocPlaceOf(blob, { sizeBytes: blob.blob.length });
    await using image = openImage(
      {
        ...store,
        read: (name) => counted(store.read(name)),
        readRange: (name, range) => counted(store.readRange(name, range)),
      },
      {
        id: digestOf('id'),
        manifestDigest: undefined,
        config: { architecture: 'amd64', os: 'linux' },
        layers: [{ name: digestOf(blob.blob), digest: digestOf(blob.blob), diffId: digestOf(blob.tar), toc }],
      },
    );
    await image.tree();
    readBytes = 0;
    const kept = ['/file-3', '/file-4', '/file-20', '/file-39'];
    const contents = await Array.fromAsync(image.entries(kept), ({ content }) => Array.fromAsync(content()));
    const keptBytes = contents.flat().reduce((sum, chunk) => sum + chunk.length, 0);
    expect(keptBytes).toBeGreaterThan(80_000);
    expect(readBytes).toBeLessThan(1.3 * keptBytes);
  });
});
