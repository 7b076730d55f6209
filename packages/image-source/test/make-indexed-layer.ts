// Layers with a table of contents, as stargz-snapshotter and containers/storage write them, with small pieces.
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { readTar } from '../src/tar/read-tar.ts';
import { streamInput } from '../src/tar/tar-input.ts';
import { digestOf, type LayerEntry, toTar } from './make-image.ts';

export type IndexKind = 'estargz' | 'zstd:chunked';

export interface IndexedBlob {
  /** The unpacked layer. */
  readonly tar: Buffer;
  readonly blob: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
  /** Where the pieces of each file lie in the blob. */
  readonly offsets: ReadonlyMap<string, readonly number[]>;
}

const PIECE_BYTES = 1000;
const TYPES: Readonly<Record<string, string>> = {
  file: 'reg',
  directory: 'dir',
  symlink: 'symlink',
  'hard-link': 'hardlink',
  'character-device': 'char',
  'block-device': 'block',
  fifo: 'fifo',
};

type Toc = { version: number; entries: Record<string, unknown>[] };

/**
 * @param change  of the table, before its digest is taken
 * @see stargz-snapshotter, docs/estargz.md; containers/storage, docs/containers-storage-zstd-chunked.md
 */
export async function toIndexedLayer(
  layer: readonly LayerEntry[],
  kind: IndexKind,
  change: (toc: Toc) => void = () => {},
): Promise<IndexedBlob> {
  const whole = await toTar(layer);
  // The end mark comes behind the table, which is a file of an eStargz layer.
  const tar = kind === 'estargz' ? whole.subarray(0, -1024) : whole;
  const pack = kind === 'estargz' ? gzipSync : zstdCompressSync;
  const parts: Buffer[] = [];
  let [packedBytes, done] = [0, 0];
  const add = (end: number) => {
    const offset = packedBytes;
    if (end > done) {
      const part = pack(tar.subarray(done, end));
      parts.push(part);
      packedBytes += part.length;
      done = end;
    }
    return offset;
  };
  const toc: Toc = { version: 1, entries: [] };
  const offsets = new Map<string, number[]>();
  for await (const entry of readTar(streamInput(ReadableStream.from([tar])))) {
    const { type, sizeBytes, position } = entry;
    const name = Buffer.from(entry.name, 'latin1').toString();
    const content = tar.subarray(position, position + sizeBytes);
    add(position);
    const chunks = [];
    for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
      const bytes = content.subarray(at, at + PIECE_BYTES);
      const offset = add(position + at + bytes.length);
      chunks.push({ offset, chunkOffset: at, chunkSize: bytes.length, chunkDigest: digestOf(bytes) });
    }
    offsets.set(
      name,
      chunks.map(({ offset }) => offset),
    );
    const [first = {}, ...others] = chunks.length === 1 ? chunks.map(({ offset }) => ({ offset })) : chunks;
    const xattrs = [...entry.attributes].map(([key, value]) => [
      key,
      Buffer.from(value, 'latin1').toString('base64'),
    ]);
    toc.entries.push({
      type: TYPES[type],
      name,
      linkName: Buffer.from(entry.linkName, 'latin1').toString() || undefined,
      mode: entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      size: sizeBytes || undefined,
      modtime: printTime(entry),
      devMajor: entry.device[0] || undefined,
      devMinor: entry.device[1] || undefined,
      xattrs: xattrs.length === 0 ? undefined : Object.fromEntries(xattrs),
      digest: sizeBytes > 0 ? digestOf(content) : undefined,
      ...first,
    });
    for (const chunk of others) toc.entries.push({ type: 'chunk', name, ...chunk });
  }
  add(tar.length);
  change(toc);
  const text = Buffer.from(JSON.stringify(toc));
  if (kind === 'zstd:chunked') {
    const table = zstdCompressSync(text);
    const annotations = {
      'io.github.containers.zstd-chunked.manifest-checksum': digestOf(table),
      'io.github.containers.zstd-chunked.manifest-position': `${packedBytes + 8}:${table.length}:${text.length}:1`,
    };
    const frame = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
    frame.writeUInt32LE(table.length, 4);
    return { tar, blob: Buffer.concat([...parts, frame, table]), annotations, offsets };
  }
  const table = await toTar([['stargz.index.json', {}, text]]);
  const annotations = { 'containerd.io/snapshot/stargz/toc.digest': digestOf(text) };
  const blob = Buffer.concat([...parts, gzipSync(table), toFooter(packedBytes)]);
  return { tar: Buffer.concat([tar, table]), blob, annotations, offsets };
}

/** RFC 3339, as Go prints it. */
function printTime({ mtimeSeconds, mtimeNanoseconds }: { mtimeSeconds: number; mtimeNanoseconds: number }) {
  const whole = new Date(Math.floor(mtimeSeconds) * 1000).toISOString().replace('.000Z', '');
  return `${whole}${mtimeNanoseconds === 0 ? '' : `.${String(mtimeNanoseconds).padStart(9, '0')}`}Z`;
}

function toFooter(offset: number): Buffer {
  const field = Buffer.from(`SG\x16\0${offset.toString(16).padStart(16, '0')}STARGZ`, 'latin1');
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, field.length, 0]);
  // An empty block, and the sum of nothing.
  return Buffer.concat([head, field, Buffer.from([1, 0, 0, 0xff, 0xff]), Buffer.alloc(8)]);
}
