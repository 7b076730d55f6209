import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type ImageSource, openOciLayout, type SourceEntry } from '@keepset/image-source';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toImageConfig } from '../configuration/image-config.js';
import { type SpooledLayer, spoolLayer } from '../layer/spool-layer.js';
import type { Compression } from './compress-layer.js';
import { digestOf } from './digest-of.js';
import { indexLayer } from './index-layer.js';
import { Crc64 } from './tar-split.js';
import { writeOutput } from './write-output.js';

let folder: string;
let made = 0;
const nextFile = () => join(folder, String(made++));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keepset-test-'));
  layer = await spool(ENTRIES);
});
afterAll(async () => await rm(folder, { recursive: true }));

/** Of `ENTRIES`. */
let layer: SpooledLayer;

const KINDS = ['estargz', 'zstdchunked'] as const;

/** It cannot be packed. */
function noise(sizeBytes: number): Buffer {
  const blocks = Math.ceil(sizeBytes / 32);
  const hashes = Array.from({ length: blocks }, (_, at) =>
    createHash('sha256').update(`${sizeBytes} ${at}`).digest(),
  );
  return Buffer.concat(hashes).subarray(0, sizeBytes);
}

function entryOf(
  path: string,
  facts: Partial<SourceEntry> = {},
  bytes: Uint8Array = Buffer.alloc(0),
): SourceEntry {
  return {
    path: Buffer.from(path, 'utf8').toString('latin1') as SourceEntry['path'],
    type: 'file',
    sizeBytes: bytes.length,
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtimeSeconds: 1_500_000_000,
    mtimeNanoseconds: 0,
    attributes: new Map(),
    device: [0, 0],
    linkTo: undefined,
    async *content() {
      if (bytes.length > 0) yield bytes;
    },
    ...facts,
  };
}

const LARGE_BYTES = 4 * 1024 * 1024 + 5;
const OWN_FACTS = { mode: 0o4755, mtimeSeconds: 1.25, mtimeNanoseconds: 250_000_000 };
const ENTRIES: readonly SourceEntry[] = [
  entryOf('/', { type: 'directory', mode: 0o755 }),
  entryOf('/a', { type: 'directory', mode: 0o2755 }),
  entryOf('/a/empty', { uid: 7, gid: 3_000_000 }),
  entryOf('/a/one', OWN_FACTS, noise(999)),
  entryOf('/a/same', { ...OWN_FACTS, linkTo: '/a/one', sizeBytes: 999 }),
  entryOf('/b', { type: 'symlink', linkTarget: Buffer.from('a/öne').toString('latin1') }),
  entryOf('/c', { type: 'directory' }),
  entryOf(
    '/c/large',
    { attributes: new Map([['security.capability', '\x01\0\0\x02\xff']]) },
    Buffer.alloc(LARGE_BYTES, noise(999)),
  ),
  entryOf('/c/tty', { type: 'character-device', device: [5, 1] }),
  entryOf('/pipe', { type: 'fifo' }),
  entryOf('/z <&>\u2028ü', { mtimeSeconds: -5 }, Buffer.from('hostile')),
  entryOf(`/z${'n'.repeat(200)}`, {}, Buffer.alloc(2000)),
];

async function spool(entries: readonly SourceEntry[]): Promise<SpooledLayer> {
  const source = {
    async *entries() {
      yield* entries;
    },
  } as unknown as ImageSource;
  return await spoolLayer(source, { paths: [] }, { file: nextFile() });
}

/** The tree and all bytes of what is written of a layer. */
async function readBack(of: SpooledLayer, compression: Compression, unpackOnce: boolean) {
  const source = { architecture: 'amd64', os: 'linux' };
  const config = toImageConfig(source, { layers: [of], createdBy: 'a test' });
  const destination = nextFile();
  await writeOutput(
    { config, layers: [of], references: ['a:1'], used: ['/c/large'] },
    { type: 'oci', destination, compression, asFolder: true },
  );
  await using image = await openOciLayout(destination, { unpackOnce });
  const paths = Array.from((await image.tree()).entries(), ({ path }) => path);
  const entries = await Array.fromAsync(image.entries(paths), shownOf);
  return { id: image.id, wantedId: digestOf(config), entries: sorted(entries) };
}

async function shownOf({ content, ...facts }: SourceEntry) {
  return { ...facts, bytes: digestOf(Buffer.concat(await Array.fromAsync(content()))) };
}

function sorted<Entry extends { readonly path: string }>(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

interface Table {
  readonly version: number;
  readonly tarSplitDigest?: string;
  readonly entries: readonly {
    readonly name: string;
    readonly type: string;
    readonly offset?: number;
    readonly endOffset?: number;
    readonly digest?: string;
    readonly chunkDigest?: string;
    readonly chunkSize?: number;
  }[];
}

describe.each(KINDS)('a layer of %s', (kind) => {
  it('is what it was, read by its table and from front to end', async () => {
    const { entries: expected } = await readBack(layer, 'gzip', true);
    expect(expected).toHaveLength(ENTRIES.length);
    for (const unpackOnce of [false, true]) {
      const { id, wantedId, entries } = await readBack(layer, kind, unpackOnce);
      const own = entries.filter(({ path }) => /^\/(?:stargz\.index\.json|\.prefetch\.landmark)$/.test(path));
      expect(own).toHaveLength(kind === 'estargz' ? 2 : 0);
      expect(entries.filter((entry) => !own.includes(entry))).toEqual(expected);
      expect(id === wantedId).toBe(kind === 'zstdchunked');
    }
  });

  it('is the same bytes each time', async () => {
    const digests = [];
    for (const _ of [1, 2]) digests.push((await indexLayer(layer, kind, ['/c/large'])).digest);
    expect(digests[0]).toBe(digests[1]);
  });

  it.each([
    ['a name that is no UTF-8', entryOf('/x', { path: '/\xff' as SourceEntry['path'] }), '/\xff'],
    ['a link to such a name', entryOf('/x', { type: 'symlink', linkTarget: '\xff' }), '/x'],
    ['a time after the year 9999', entryOf('/x', { mtimeSeconds: 300_000_000_000 }), '/x'],
  ])('cannot hold %s', async (_, entry, path) => {
    await expect(indexLayer(await spool([entry]), kind)).rejects.toMatchObject({
      code: 'BUILD_OUTPUT_FAILED',
      paths: [path],
      hint: expect.stringContaining('gzip'),
    });
  });
});

it.each(['/a\\x2db', '/a"b', '/a\nb'])('a name that JSON escapes, %j, is for eStargz alone', async (path) => {
  for (const entry of [entryOf(path), entryOf('/link', { type: 'symlink', linkTarget: path })]) {
    const own = await spool([entry]);
    await expect(indexLayer(own, 'zstdchunked')).rejects.toMatchObject({ code: 'BUILD_OUTPUT_FAILED' });
    const { entries } = await readBack(own, 'estargz', false);
    expect(entries.map((each) => each.path)).toContain(entry.path);
  }
});

describe('eStargz, as docs/estargz.md says', () => {
  /** The table of a blob, found as a reader of the format finds it. */
  async function tableOf(used: readonly string[], of = layer) {
    const blob = await indexLayer(of, 'estargz', used);
    const bytes = await readFile(blob.file);
    const footer = bytes.subarray(-51);
    const start = Number.parseInt(footer.toString('latin1', 16, 32), 16);
    const toc = gunzipSync(bytes.subarray(start, -51));
    const sizeBytes = Number.parseInt(toc.toString('latin1', 124, 135), 8);
    const text = toc.subarray(512, 512 + sizeBytes);
    return { blob, bytes, footer, start, toc, text, table: JSON.parse(text.toString()) as Table };
  }

  it('has its parts where they belong', async () => {
    const { blob, bytes, footer, start, toc, text, table } = await tableOf(['/c/large']);
    expect(gunzipSync(footer)).toHaveLength(0);
    expect(footer.toString('latin1', 10, 16)).toBe('\x1a\0SG\x16\0');
    expect(footer.toString('latin1', 32, 38)).toBe('STARGZ');
    expect(toc.toString('latin1', 0, 18)).toBe('stargz.index.json\0');
    expect(toc.subarray(-1024).every((byte) => byte === 0)).toBe(true);
    expect(blob.annotations?.['containerd.io/snapshot/stargz/toc.digest']).toBe(digestOf(text));
    const tar = gunzipSync(bytes);
    expect(blob.diffId).toBe(digestOf(tar));
    expect(blob.annotations?.['io.containers.estargz.uncompressed-size']).toBe(String(tar.length));
    expect(blob.digest).toBe(digestOf(bytes));
    expect(table.version).toBe(1);
    // "gzip headers MUST locate at the top of the payload of each non-empty regular file"
    const withContent = table.entries.filter(({ offset }) => offset !== undefined);
    for (const { offset = 0, chunkDigest, chunkSize, name } of withContent) {
      const content = gunzipSync(
        memberAt(bytes, offset, [...withContent.map((each) => each.offset ?? 0), start]),
      );
      expect(digestOf(content), name).toBe(chunkDigest);
      if (chunkSize !== undefined) expect(content).toHaveLength(chunkSize);
    }
  });

  /** The member of gzip that begins somewhere, and may be followed by one of headers. */
  function memberAt(bytes: Buffer, offset: number, bounds: readonly number[]): Buffer {
    const end = Math.min(...bounds.filter((bound) => bound > offset));
    for (let next = offset + 1; next < end; next++) {
      next = bytes.indexOf('\x1f\x8b\x08', next, 'latin1');
      if (next === -1 || next >= end) break;
      try {
        gunzipSync(bytes.subarray(offset, next));
        return bytes.subarray(offset, next);
      } catch {
        // It is no beginning of a member.
      }
    }
    return bytes.subarray(offset, end);
  }

  it('says of each entry what it must', async () => {
    const { table } = await tableOf([]);
    const found = (name: string) => table.entries.filter((entry) => entry.name === name);
    const owner = { uid: 0, gid: 0 };
    const modtime = '2017-07-14T02:40:00Z';
    const one = digestOf(noise(999));
    expect(found('a/')).toEqual([{ name: 'a/', type: 'dir', modtime, mode: 0o2755, ...owner }]);
    expect(found('a/empty')).toEqual([
      { name: 'a/empty', type: 'reg', modtime, mode: 0o644, uid: 7, gid: 3_000_000 },
    ]);
    expect(found('a/one')).toEqual([
      {
        name: 'a/one',
        type: 'reg',
        size: 999,
        modtime: '1970-01-01T00:00:01.25Z',
        mode: 0o4755,
        ...owner,
        digest: one,
        chunkDigest: one,
        offset: expect.any(Number),
      },
    ]);
    expect(found('a/same')).toMatchObject([{ type: 'hardlink', linkName: 'a/one' }]);
    expect(found('b')).toMatchObject([{ type: 'symlink', linkName: 'a/öne' }]);
    expect(found('c/tty')).toMatchObject([{ type: 'char', devMajor: 5, devMinor: 1 }]);
    expect(found('pipe')).toMatchObject([{ type: 'fifo' }]);
    const piece = 4 * 1024 * 1024;
    const large = found('c/large');
    expect(large).toMatchObject([
      { type: 'reg', size: LARGE_BYTES, chunkSize: piece, xattrs: { 'security.capability': 'AQAAAv8=' } },
      { type: 'chunk', chunkOffset: piece },
    ]);
    // "The last chunk MUST set this property to zero"
    expect(large[1]).not.toHaveProperty('chunkSize');
  });

  it('has what is used first in front, with its folders and what it is linked to, before the landmark', async () => {
    const { table } = await tableOf(['/not/there', '/c/large', '/a/same', '/c/large']);
    const names = table.entries.filter(({ type }) => type !== 'chunk').map(({ name }) => name);
    expect(names.slice(0, 8)).toEqual([
      './',
      'c/',
      'c/large',
      'a/',
      'a/one',
      'a/same',
      '.prefetch.landmark',
      'a/empty',
    ]);
    expect(names).toHaveLength(ENTRIES.length + 1);
    const offsets = table.entries.flatMap(({ offset }) => offset ?? []);
    expect(offsets).toEqual(offsets.toSorted((one, other) => one - other));
    const landmark = table.entries.find(({ name }) => name === '.prefetch.landmark');
    expect(landmark).toMatchObject({ type: 'reg', size: 1, digest: digestOf(Uint8Array.of(0xf)) });
  });

  it('says where nothing is known to be used, and has its own files once', async () => {
    const again = [
      ...ENTRIES,
      entryOf('/stargz.index.json', {}, Buffer.from('{}')),
      entryOf('/.prefetch.landmark'),
    ];
    const { table } = await tableOf([], await spool(again));
    const names = table.entries.map(({ name }) => name);
    expect(names[0]).toBe('.no.prefetch.landmark');
    expect(names.filter((name) => /stargz|prefetch/.test(name))).toHaveLength(1);
  });
});

/** A line of tar-split. */
interface SplitEntry {
  readonly type: number;
  readonly name?: string;
  readonly size?: number;
  readonly payload: string | null;
  readonly position: number;
}

describe('zstd:chunked, as containers/storage reads it', () => {
  it('is its tar, with a table, with what makes the tar again of the files, and with a footer', async () => {
    const tar = await readFile(layer.file);
    const blob = await indexLayer(layer, 'zstdchunked', ['/c/large']);
    const bytes = await readFile(blob.file);
    expect(blob.diffId).toBe(layer.diffId);
    const said = (key: string) =>
      String(blob.annotations?.[`io.github.containers.zstd-chunked.${key}`]).split(':').map(Number);
    const [start = 0, packedBytes = 0, unpackedBytes, type] = said('manifest-position');
    const [splitStart = 0, splitBytes = 0, splitUnpacked] = said('tarsplit-position');
    const packed = bytes.subarray(start, start + packedBytes);
    const split = bytes.subarray(splitStart, splitStart + splitBytes);
    expect(blob.annotations?.['io.github.containers.zstd-chunked.manifest-checksum']).toBe(digestOf(packed));
    expect(zstdDecompressSync(packed)).toHaveLength(unpackedBytes as number);
    for (const at of [start, splitStart, bytes.length - 64])
      expect(bytes.readUInt32LE(at - 8)).toBe(0x184d2a50);
    const footer = bytes.subarray(-64);
    const numbers = Array.from({ length: 7 }, (_, index) => Number(footer.readBigUInt64LE(8 * index)));
    expect(numbers).toEqual([start, packedBytes, unpackedBytes, type, splitStart, splitBytes, splitUnpacked]);
    expect([type, footer.toString('latin1', 56)]).toEqual([1, 'GNUlInUx']);

    const table = JSON.parse(zstdDecompressSync(packed).toString()) as Table;
    expect(table.tarSplitDigest).toBe(digestOf(split));
    const contents = new Map<string, Buffer>();
    for (const { name, type, offset = 0, endOffset = 0, digest } of table.entries)
      if (type === 'reg' && offset > 0) {
        const content = zstdDecompressSync(bytes.subarray(offset, endOffset));
        expect(digestOf(content), name).toBe(digest);
        contents.set(name, content);
      }
    const lines = zstdDecompressSync(split).toString().trimEnd().split('\n');
    expect(zstdDecompressSync(split)).toHaveLength(splitUnpacked as number);
    const again = lines.map((line, index) => {
      const { type, name, size = 0, payload, position } = JSON.parse(line) as SplitEntry;
      expect(position).toBe(index);
      if (type === 2) return Buffer.from(payload ?? '', 'base64');
      const content = contents.get(name ?? '') ?? Buffer.alloc(0);
      expect(content).toHaveLength(size);
      if (size > 0) expect(payload).toBe(sumOf(content).toString('base64'));
      return content;
    });
    expect(Buffer.concat(again).equals(tar)).toBe(true);
  });

  it('sums contents as Go does', () => {
    // The check value of CRC-64/GO-ISO.
    expect(sumOf(Buffer.from('123456789')).toString('hex')).toBe('b90956c775a41001');
    expect(sumOf(Buffer.alloc(0)).toString('hex')).toBe('0000000000000000');
  });

  function sumOf(bytes: Uint8Array): Buffer {
    const sum = new Crc64();
    sum.update(bytes);
    return sum.digest();
  }
});
