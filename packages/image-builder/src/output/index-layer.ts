import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import {
  chunkedEnd,
  readTarPlaces,
  STARGZ_TOC_NAME,
  stargzFooter,
  type TarFacts,
  TOC_KEYS,
  type TocContent,
  type TocKind,
  toEntryHeader,
  toTocEntries,
} from '@keepset/image-source';
import { BuildError } from '../build-error.js';
import { explainFullDisk } from '../layer/full-disk.js';
import { toSourceEntry } from '../layer/generated-entry.js';
import type { SpooledLayer } from '../layer/spool-layer.js';
import { type Blob, requireZstd } from './compress-layer.js';
import { digestOf } from './digest-of.js';
import { splitByUse } from './split-by-use.js';
import { Crc64, TarSplitter } from './tar-split.js';

/** Of a content that can be had for itself; no more of it is held. */
const PIECE_BYTES = 4 * 1024 * 1024;
const BLOCK_BYTES = 512;
const PREFETCH_LANDMARK = '.prefetch.landmark';
const NO_PREFETCH_LANDMARK = '.no.prefetch.landmark';
const LANDMARK_CONTENT = Uint8Array.of(0xf);
/** What an eStargz layer has of its own: a source that was one already has it as files. */
const STARGZ_NAMES: ReadonlySet<string> = new Set([STARGZ_TOC_NAME, PREFETCH_LANDMARK, NO_PREFETCH_LANDMARK]);
const END_MARK = new Uint8Array(2 * BLOCK_BYTES);

/** An entry to be written, and where its bytes are. */
interface Item {
  readonly facts: TarFacts;
  header(): Promise<Uint8Array>;
  /** Of a file. */
  content(at: number, sizeBytes: number): Promise<Uint8Array>;
}

/**
 * Pack a layer so that each of its files can be had for itself, by a table of contents. The same layer gives the same bytes with
 * the same version of zlib or zstd. Of contents no more is held than a piece; of the table all, some 300 bytes an entry.
 *
 * In eStargz what is used first comes first, so the layer is another tar, with two files more. In zstd:chunked it is the tar that it
 * was: those who read it in parts go by the table alone.
 *
 * @param used  paths of files, byte strings, in the order in which they are used; others are left out
 * @throws BuildError BUILD_OUTPUT_FAILED  a table cannot say a name, or a time (see `toTocEntries`)
 * @throws BuildError BUILD_NO_SPACE
 * @see containerd/stargz-snapshotter, docs/estargz.md; containers/storage, pkg/chunked
 */
export async function indexLayer(
  layer: SpooledLayer,
  kind: TocKind,
  used: readonly string[] = [],
): Promise<Blob> {
  if (kind === 'zstdchunked') requireZstd();
  const file = `${layer.file}.${kind}`;
  const tar = await open(layer.file);
  try {
    const output = await open(file, 'w', 0o600);
    try {
      const indexed = await (kind === 'estargz'
        ? writeStargz(tar, output, layer, used)
        : writeChunked(tar, output, layer));
      return { file, ...indexed };
    } finally {
      await output.close();
    }
  } catch (error) {
    throw explainFullDisk(error, file);
  } finally {
    await tar.close();
  }
}

type Indexed = Omit<Blob, 'file'>;

async function writeStargz(
  tar: FileHandle,
  output: FileHandle,
  { sizeBytes }: SpooledLayer,
  used: readonly string[],
): Promise<Indexed> {
  const places = await Array.fromAsync(readTarPlaces(tar, sizeBytes));
  const [first, rest] = splitByUse(
    places.filter(({ name }) => !STARGZ_NAMES.has(name)),
    used,
  );
  const writer = new IndexWriter(output, 'estargz');
  for (const place of first) await writer.add(toItem(tar, place));
  const landmark = first.length > 0 ? PREFETCH_LANDMARK : NO_PREFETCH_LANDMARK;
  await writer.add(generatedItem(landmark, LANDMARK_CONTENT));
  for (const place of rest) await writer.add(toItem(tar, place));
  await writer.flush();
  const start = writer.blob.sizeBytes;
  const text = writer.table();
  const table = generatedItem(STARGZ_TOC_NAME, text);
  writer.hold(await table.header());
  writer.hold(text);
  writer.hold(paddingOf(text.length));
  writer.hold(END_MARK);
  await writer.flush();
  await writer.blob.write(stargzFooter(start));
  return {
    ...writer.blob.end(),
    packing: 'gzip',
    diffId: writer.diffId(),
    annotations: {
      [TOC_KEYS.stargzDigest]: digestOf(text),
      'io.containers.estargz.uncompressed-size': String(writer.tarBytes),
    },
  };
}

async function writeChunked(
  tar: FileHandle,
  output: FileHandle,
  { sizeBytes }: SpooledLayer,
): Promise<Indexed> {
  const splitter = new TarSplitter();
  const writer = new IndexWriter(output, 'zstdchunked', splitter);
  let end = 0;
  for await (const place of readTarPlaces(tar, sizeBytes)) {
    await writer.add(toItem(tar, place));
    end = place.position + place.sizeBytes + paddingOf(place.sizeBytes).length;
  }
  // The end mark, and whatever is behind it.
  const mark = await readFrom(tar, end, sizeBytes - end);
  writer.hold(mark);
  await writer.flush();
  await splitter.addBytes(writer.takeBetween());
  const tarSplit = await splitter.end();
  const text = writer.table({ tarSplitDigest: tarSplit.digest });
  const packed = await PACK.zstdchunked(text);
  const { frames, annotations } = chunkedEnd(writer.blob.sizeBytes, {
    table: { packed, unpackedBytes: text.length },
    tarSplit,
    checksum: digestOf(packed),
  });
  for (const frame of frames) await writer.blob.write(frame);
  return { ...writer.blob.end(), packing: 'zstd', diffId: writer.diffId(), annotations };
}

const PACK: Readonly<Record<TocKind, (bytes: Uint8Array) => Promise<Buffer>>> = {
  estargz: (bytes) => promisify<Uint8Array, Buffer>(zlib.gzip)(bytes),
  zstdchunked: (bytes) => promisify<Uint8Array, Buffer>(zlib.zstdCompress)(bytes),
};

/** Writes entries, each content in pieces of its own, and keeps what the table says of them. */
class IndexWriter {
  readonly blob: BlobWriter;
  readonly #kind: TocKind;
  readonly #splitter: TarSplitter | undefined;
  readonly #tarHash = createHash('sha256');
  readonly #entries: string[] = [];
  /** What stands between contents, until the next one comes. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** The same, for those who make the tar again: until the next entry. */
  #between: Uint8Array[] = [];
  tarBytes = 0;

  constructor(output: FileHandle, kind: TocKind, splitter?: TarSplitter) {
    this.blob = new BlobWriter(output);
    this.#kind = kind;
    this.#splitter = splitter;
  }

  async add({ facts, header, content }: Item): Promise<void> {
    const { sizeBytes, type, name } = facts;
    this.hold(await header());
    await this.#splitter?.addBytes(this.takeBetween());
    const checksum = this.#splitter && sizeBytes > 0 ? new Crc64() : undefined;
    const written =
      type === 'file' && sizeBytes > 0 ? await this.#addContent(sizeBytes, content, checksum) : undefined;
    const entries = toTocEntries(facts, written, this.#kind);
    if (entries === undefined) throw notSayable(name, this.#kind);
    for (const entry of entries) this.#entries.push(JSON.stringify(entry));
    await this.#splitter?.addEntry(Buffer.from(name, 'latin1').toString(), sizeBytes, checksum);
    this.hold(paddingOf(sizeBytes));
    if (this.#heldBytes > PIECE_BYTES) await this.flush();
  }

  async #addContent(
    sizeBytes: number,
    content: Item['content'],
    checksum: Crc64 | undefined,
  ): Promise<TocContent> {
    await this.flush();
    const whole = createHash('sha256');
    const pieces = [];
    for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
      const bytes = await content(at, Math.min(PIECE_BYTES, sizeBytes - at));
      whole.update(bytes);
      checksum?.update(bytes);
      const start = this.blob.sizeBytes;
      await this.#write(bytes);
      pieces.push({ start, sizeBytes: bytes.length, digest: digestOf(bytes) });
    }
    return { pieces, end: this.blob.sizeBytes, digest: toDigest(whole) };
  }

  /** Bytes of the tar that are of no content. */
  hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#splitter !== undefined) this.#between.push(bytes);
  }

  takeBetween(): Uint8Array {
    const bytes = Buffer.concat(this.#between);
    this.#between = [];
    return bytes;
  }

  /** Write what is held, as a piece of its own. */
  async flush(): Promise<void> {
    if (this.#heldBytes === 0) return;
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    await this.#write(bytes);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#tarHash.update(bytes);
    this.tarBytes += bytes.length;
    await this.blob.write(await PACK[this.#kind](bytes));
  }

  /** JSON. */
  table(besides: Readonly<Record<string, string>> = {}): Buffer {
    const rest = Object.entries(besides).map(
      ([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`,
    );
    return Buffer.from(`{"version":1,"entries":[${this.#entries.join()}]${rest.join('')}}`);
  }

  /** To be asked for once all is written. */
  diffId(): string {
    return toDigest(this.#tarHash);
  }
}

/** A file that is hashed as it is written. */
class BlobWriter {
  readonly #output: FileHandle;
  readonly #hash = createHash('sha256');
  sizeBytes = 0;

  constructor(output: FileHandle) {
    this.#output = output;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.sizeBytes += bytes.length;
    await this.#output.writeFile(bytes);
  }

  end(): Pick<Blob, 'digest' | 'sizeBytes'> {
    return { digest: toDigest(this.#hash), sizeBytes: this.sizeBytes };
  }
}

function toDigest(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`;
}

function toItem(
  tar: FileHandle,
  facts: TarFacts & { readonly start: number; readonly position: number },
): Item {
  const { start, position } = facts;
  return {
    facts,
    header: () => readFrom(tar, start, position - start),
    content: (at, sizeBytes) => readFrom(tar, position + at, sizeBytes),
  };
}

/** A file that the format wants, and the source has not. */
function generatedItem(name: string, content: Uint8Array): Item {
  const entry = toSourceEntry({ path: `/${name}`, content, mode: 0o644, uid: 0, gid: 0, mtimeSeconds: 0 });
  return {
    facts: { ...entry, name, type: 'file', linkName: '' },
    header: async () => toEntryHeader(entry),
    content: async (at, sizeBytes) => content.subarray(at, at + sizeBytes),
  };
}

async function readFrom(file: FileHandle, position: number, sizeBytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(sizeBytes);
  for (let filled = 0; filled < sizeBytes; ) {
    const { bytesRead } = await file.read(buffer, filled, sizeBytes - filled, position + filled);
    if (bytesRead === 0) throw new BuildError('BUILD_TRUNCATED', 'the layer ends early');
    filled += bytesRead;
  }
  return buffer;
}

function paddingOf(sizeBytes: number): Uint8Array {
  return END_MARK.subarray(0, (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

function notSayable(name: string, kind: TocKind): BuildError {
  const which =
    kind === 'estargz'
      ? 'that is no UTF-8'
      : 'that is no UTF-8, or holds a backslash, a quotation mark or a newline';
  return new BuildError(
    'BUILD_OUTPUT_FAILED',
    `${kind} cannot hold ${JSON.stringify(`/${name}`)}: its table of contents has no word for a name ${which}, or for a time outside the years 0 to 9999`,
    { hint: 'Compress it with gzip or zstd, or leave that file out.', paths: [`/${name}`] },
  );
}
