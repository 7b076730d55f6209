import { NANOSECONDS, type TarEntry } from '../../tar/read-tar.js';
import { BLOCK_BYTES } from '../../tar/tar-header.js';

/** Where a piece of a content lies. */
export interface TocChunk {
  /** In the layer as it is stored. */
  readonly start: number;
  /** Unpacked; what else lies there is not of it. */
  readonly sizeBytes: number;
  /** Unpacked, before it. Default 0. */
  readonly skipBytes?: number;
  /** sha256:… of it, unpacked; undefined where only the whole content has one. */
  readonly digest: string | undefined;
}

/** An entry of a table of contents. */
export interface TocEntry extends Omit<TarEntry, 'content'> {
  /** In their order. */
  readonly chunks: readonly TocChunk[];
  /** sha256:… of the whole content. */
  readonly digest: string | undefined;
}

/** What tables of contents call the types of entries. */
export const TYPES: Readonly<Record<string, TarEntry['type']>> = {
  reg: 'file',
  dir: 'directory',
  symlink: 'symlink',
  hardlink: 'hard-link',
  char: 'character-device',
  block: 'block-device',
  fifo: 'fifo',
};

/** A table that says something that is not understood here: the layer is read from front to end. */
class OddToc extends Error {}

/**
 * The entries that a table of contents names, in the order of their layer. eStargz and zstd:chunked have one form.
 *
 * @returns undefined where it says anything that is not understood
 */
export function parseToc(text: Buffer): readonly TocEntry[] | undefined {
  try {
    const { version, entries } = JSON.parse(text.toString('utf8')) as Fields;
    if (version !== 1 || !Array.isArray(entries)) return undefined;
    return toEntries(entries as readonly Fields[]);
  } catch (error) {
    if (error instanceof OddToc || error instanceof SyntaxError || error instanceof TypeError)
      return undefined;
    throw error;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** An entry whose pieces are still coming. */
interface GrowingEntry extends TocEntry {
  readonly chunks: TocChunk[];
  /** Of its pieces up to now: a file may have a million of them. */
  chunkedBytes: number;
}

function toEntries(listed: readonly Fields[]): readonly TocEntry[] {
  const entries: GrowingEntry[] = [];
  for (const fields of listed) {
    // Several contents that are packed as one cannot be had each for itself.
    if (fields.innerOffset !== undefined) throw new OddToc();
    const name = toBytes(fields.name);
    const last = entries.at(-1);
    if (fields.type === 'chunk') {
      if (last?.type !== 'file' || last.name !== name) throw new OddToc();
      addChunk(last, fields);
      continue;
    }
    const entry = toEntry(fields, name, entries.length);
    if (entry.type === 'file' && entry.sizeBytes > 0) addChunk(entry, fields);
    entries.push(entry);
  }
  for (const { sizeBytes, chunks, chunkedBytes, digest } of entries)
    if (
      chunkedBytes !== sizeBytes ||
      (digest === undefined && chunks.some((chunk) => chunk.digest === undefined))
    )
      throw new OddToc();
  return entries;
}

function toEntry(fields: Fields, name: string, index: number): GrowingEntry {
  const named = String(fields.type);
  const type = Object.hasOwn(TYPES, named) ? TYPES[named] : undefined;
  if (type === undefined) throw new OddToc();
  const isLink = type === 'symlink' || type === 'hard-link';
  const attributes = Object.entries((fields.xattrs ?? {}) as Readonly<Record<string, string>>);
  const position = (index + 1) * BLOCK_BYTES;
  return {
    type,
    name,
    linkName: isLink ? toBytes(fields.linkName) : '',
    mode: toCount(fields.mode) & 0o7777,
    uid: toCount(fields.uid),
    gid: toCount(fields.gid),
    sizeBytes: type === 'file' ? toCount(fields.size) : 0,
    ...toTime(fields.modtime),
    device: [toCount(fields.devMajor), toCount(fields.devMinor)],
    attributes: new Map(
      attributes.map(([key, value]) => [toBytes(key), Buffer.from(value, 'base64').toString('latin1')]),
    ),
    // Of no tar: it only tells entries apart.
    start: position,
    position,
    isSparse: false,
    chunks: [],
    chunkedBytes: 0,
    digest: toDigest(fields.digest),
  };
}

/** The first piece stands with its file; without a size it is all that is left. */
function addChunk(entry: GrowingEntry, fields: Fields): void {
  const before = entry.chunkedBytes;
  const sizeBytes = toCount(fields.chunkSize) || entry.sizeBytes - before;
  const start = toCount(fields.offset);
  const isNext = toCount(fields.chunkOffset) === before && start > (entry.chunks.at(-1)?.start ?? 0);
  if (!isNext || sizeBytes <= 0 || before + sizeBytes > entry.sizeBytes) throw new OddToc();
  entry.chunks.push({ start, sizeBytes, digest: toDigest(fields.chunkDigest) });
  entry.chunkedBytes += sizeBytes;
}

/** Byte strings. A name that is no text is not told truly. */
function toBytes(text: unknown): string {
  if (typeof text !== 'string' || text.includes('\ufffd')) throw new OddToc();
  return Buffer.from(text, 'utf8').toString('latin1');
}

function toCount(value: unknown): number {
  if (value === undefined) return 0;
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new OddToc();
  return value as number;
}

function toDigest(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (!/^sha256:[0-9a-f]{64}$/.test(String(value))) throw new OddToc();
  return String(value);
}

/** RFC 3339. */
function toTime(value: unknown): Pick<TarEntry, 'mtimeSeconds' | 'mtimeNanoseconds'> {
  if (value === undefined) return { mtimeSeconds: 0, mtimeNanoseconds: 0 };
  const [, whole = '', decimals = '', zone = ''] =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})$/.exec(
      String(value),
    ) ?? [];
  const seconds = Date.parse(whole + zone) / 1000;
  if (!Number.isInteger(seconds)) throw new OddToc();
  const mtimeNanoseconds = Number(decimals.padEnd(9, '0'));
  return { mtimeSeconds: seconds + mtimeNanoseconds / NANOSECONDS, mtimeNanoseconds };
}
