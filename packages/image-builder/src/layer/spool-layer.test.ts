import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EntryFacts, type ImageSource, readTarEntries, type SourceEntry } from '@keepset/image-source';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { spoolLayer } from './spool-layer.js';

let folder: string;
let files = 0;
const nextFile = () => join(folder, `layer-${files++}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

const FACTS = {
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeSeconds: 0,
  mtimeNanoseconds: 5,
  attributes: new Map<string, string>(),
  device: [0, 0] as const,
};

function entryOf(path: string, bytes: Uint8Array | undefined, linkTo?: string): SourceEntry {
  return {
    ...FACTS,
    path: path as SourceEntry['path'],
    type: bytes === undefined && linkTo === undefined ? 'directory' : 'file',
    sizeBytes: linkTo === undefined ? (bytes?.length ?? 0) : 0,
    linkTo,
    async *content() {
      for (let at = 0; at < (bytes?.length ?? 0); at += 100_000)
        yield bytes?.subarray(at, at + 100_000) as Uint8Array;
    },
  };
}

const byPath = (one: EntryFacts, other: EntryFacts) => (one.path < other.path ? -1 : 1);

/** A source whose entries come sorted, and one that tells of them first and gives their bytes in another order. */
function sourcesOf(entries: readonly SourceEntry[], order: readonly SourceEntry[] = entries) {
  const among = (paths: Iterable<string>) => {
    const wanted = new Set(paths);
    return (entry: SourceEntry) => wanted.has(entry.path);
  };
  const plain = {
    async *entries(paths: Iterable<string>) {
      yield* entries.filter(among(paths)).sort(byPath);
    },
  };
  const describing = {
    describe: async (paths: Iterable<string>) => entries.filter(among(paths)).sort(byPath),
    async *entries(paths: Iterable<string>) {
      yield* order.filter(among(paths));
    },
  };
  // Nothing else of a source is asked.
  return [plain, describing] as unknown as readonly [ImageSource, ImageSource];
}

it('is the same layer, sorted, in whatever order the bytes come, and tells of each file what it holds', async () => {
  const bytes = fc
    .tuple(fc.nat({ max: 300_000 }), fc.integer({ min: 0, max: 255 }))
    .map(([length, byte]) => Buffer.alloc(length, byte));
  const entry = fc.tuple(fc.stringMatching(/^[a-c]{1,4}$/), fc.option(bytes, { nil: undefined }));
  const lists = fc.uniqueArray(entry, { maxLength: 12, selector: ([name]) => name });
  await fc.assert(
    fc.asyncProperty(lists, fc.func(fc.nat()), async (list, rank) => {
      const entries = list.map(([name, content]) => entryOf(`/${name}`, content));
      const [first] = entries.filter(({ type }) => type === 'file').sort(byPath);
      if (first !== undefined) entries.push(entryOf('/linked', undefined, first.path));
      const order = [...entries].sort(
        (one, other) =>
          Number(one.linkTo !== undefined) - Number(other.linkTo !== undefined) ||
          rank(one.path) - rank(other.path),
      );
      const generated = [
        { path: '/b-made', content: Buffer.from('made'), mode: 0o600, uid: 1, gid: 2, mtimeSeconds: 3 },
      ];
      const [one, other] = await Promise.all(
        sourcesOf(entries, order).map(async (source) => {
          const digests = new Map<string, string>();
          const onFile = (path: string, sha256: string) => void digests.set(path, sha256);
          const request = { paths: entries.map(({ path }) => path), generated, onFile };
          const { file, ...layer } = await spoolLayer(source, request, { file: nextFile() });
          const tar = await readFile(file);
          expect(layer).toEqual({
            diffId: `sha256:${createHash('sha256').update(tar).digest('hex')}`,
            sizeBytes: tar.length,
          });
          return { tar, digests };
        }),
      );
      expect(one?.tar.equals(other?.tar as Buffer)).toBe(true);
      expect(new Map([...(one?.digests ?? [])].sort())).toEqual(new Map([...(other?.digests ?? [])].sort()));
      const names = (await Array.fromAsync(readTarEntries(ReadableStream.from([one?.tar as Buffer])))).map(
        ({ path }) => path,
      );
      expect(names).toEqual([...entries.map(({ path }) => path as string), '/b-made'].sort());
    }),
    { numRuns: 25 },
  );
});

it.each([
  ['is shorter', entryOf('/a', Buffer.from('four')), 5],
  ['is longer', entryOf('/a', Buffer.from('four')), 3],
])('is an error when a file %s than was told', async (_, entry, sizeBytes) => {
  for (const source of sourcesOf([{ ...entry, sizeBytes }]))
    await expect(spoolLayer(source, { paths: ['/a'] }, { file: nextFile() })).rejects.toMatchObject({
      code: expect.stringMatching(/SOURCE_BAD_LAYER|BUILD_TRUNCATED/),
      message: expect.stringContaining(`is not the ${sizeBytes} bytes that it was`),
    });
});

it('is an error when a file is gone', async () => {
  const [, source] = sourcesOf([entryOf('/a', Buffer.from('four'))], []);
  await expect(spoolLayer(source, { paths: ['/a'] }, { file: nextFile() })).rejects.toMatchObject({
    code: 'BUILD_TRUNCATED',
  });
});

it('passes the error of the source on', async () => {
  const [plain] = sourcesOf([]);
  const broken: ImageSource = {
    ...plain,
    // biome-ignore lint/correctness/useYield: it fails before.
    async *entries() {
      throw new Error('the engine went away');
    },
  };
  await expect(spoolLayer(broken, { paths: [] }, { file: nextFile() })).rejects.toThrow(
    'the engine went away',
  );
});
