import type { EntryType } from '@keepset/image-tree';
import { type PaxRecords, parsePaxRecords } from './pax-records.js';
import { readSparse, readSparseContent } from './sparse-file.js';
import { TarFault } from './tar-fault.js';
import { BLOCK_BYTES, parseTarHeader, requireSize, type TarHeader } from './tar-header.js';
import type { TarInput } from './tar-input.js';

/**
 * One entry of a tar, as its header and what stands before it say; strings are byte strings. Of the mode there are the 12
 * bits of chmod(2); the size is that of a file, with its holes, and otherwise 0; a link's name is empty where it is none.
 */
export interface TarEntry extends Omit<TarHeader, 'type'> {
  readonly type: EntryType | 'hard-link';
  /** The part of a second in `mtimeSeconds`, which is a double, to the nanosecond. */
  readonly mtimeNanoseconds: number;
  /** Extended attributes. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Where its headers begin. */
  readonly start: number;
  /** Where its content begins: behind a whole number of blocks. */
  readonly position: number;
  /** The tar holds its content without its holes. */
  readonly isSparse: boolean;
  /** Of a file; to be read before the next entry is asked for, or not at all. */
  content(): AsyncIterable<Uint8Array>;
}

/** More than any header that was meant: names have 4096 bytes at most, attributes 64 KiB each. */
const EXTENSION_BYTES_MAX = 1024 * 1024;
export const ATTRIBUTE_KEY = 'SCHILY.xattr.';
export const NANOSECONDS = 1_000_000_000;

const TYPES: Readonly<Record<string, TarEntry['type']>> = {
  '0': 'file',
  '1': 'hard-link',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

/**
 * The entries of a tar, in their order. Names and attributes keep every byte, which no library gives: file capabilities
 * are no text.
 *
 * @param needsEnd  whether an archive without its mark of the end is cut short; layers that have none are taken by engines
 * @throws TarFault  what it reads is no tar, or not all of it
 * @see tar(5); pax(1), "pax Interchange Format"
 */
export async function* readTar(
  input: TarInput,
  { needsEnd = false }: { readonly needsEnd?: boolean } = {},
): AsyncGenerator<TarEntry> {
  let extension = NO_EXTENSION;
  let start = input.position;
  for (;;) {
    const block = await input.read(BLOCK_BYTES);
    if (block.length === 0 && extension === NO_EXTENSION && !needsEnd) return;
    if (block.length < BLOCK_BYTES) throw new TarFault(`it ends early, after ${input.position} bytes`);
    const header = parseTarHeader(block);
    if (header === undefined) return;
    if ('xgLK'.includes(header.type)) {
      extension = await readExtension(input, header, extension);
      continue;
    }
    const { entry, storedBytes } = toEntry(input, header, extension);
    const { position } = input;
    yield { ...entry, start };
    await input.skip(position + padded(storedBytes) - input.position);
    extension = NO_EXTENSION;
    start = input.position;
  }
}

/** What stands before an entry about it. */
interface Extension {
  readonly name?: string;
  readonly linkName?: string;
  readonly records: PaxRecords;
}

const NO_EXTENSION: Extension = { records: [] };

async function readExtension(
  input: TarInput,
  { type, sizeBytes }: TarHeader,
  before: Extension,
): Promise<Extension> {
  if (sizeBytes > EXTENSION_BYTES_MAX) throw new TarFault(`an extended header of ${sizeBytes} bytes`);
  const body = await input.read(sizeBytes);
  if (body.length < sizeBytes) throw new TarFault(`it ends early, after ${input.position} bytes`);
  await input.skip(padded(sizeBytes) - sizeBytes);
  // As Go's reader does, and so every engine: what is said of all entries is not heeded.
  if (type === 'g') return before;
  if (type === 'x') return { ...before, records: parsePaxRecords(body) };
  const [text = ''] = body.toString('latin1').split('\0');
  return type === 'L' ? { ...before, name: text } : { ...before, linkName: text };
}

function toEntry(
  input: TarInput,
  header: TarHeader,
  extension: Extension,
): { readonly entry: Omit<TarEntry, 'start'>; readonly storedBytes: number } {
  const records = new Map(extension.records.filter(([, value]) => value !== ''));
  const sparse = readSparse(extension.records);
  const name = sparse?.name ?? records.get('path') ?? extension.name ?? header.name;
  const type = header.type === '0' && name.endsWith('/') ? 'directory' : TYPES[header.type];
  if (type === undefined)
    throw new TarFault(`it has an entry of the type ${JSON.stringify(header.type)}, which no layer has`);
  const storedBytes = type === 'file' ? requireSize(numberOf(records, 'size') ?? header.sizeBytes) : 0;
  const isLink = type === 'symlink' || type === 'hard-link';
  const entry: Omit<TarEntry, 'start'> = {
    type,
    name,
    linkName: isLink ? (records.get('linkpath') ?? extension.linkName ?? header.linkName) : '',
    mode: header.mode & 0o7777,
    uid: numberOf(records, 'uid') ?? header.uid,
    gid: numberOf(records, 'gid') ?? header.gid,
    sizeBytes: type === 'file' ? (sparse?.sizeBytes ?? storedBytes) : 0,
    ...(timeOf(records.get('mtime')) ?? { mtimeSeconds: header.mtimeSeconds, mtimeNanoseconds: 0 }),
    device: header.device,
    attributes: new Map(
      [...records].flatMap(([key, value]) =>
        key.startsWith(ATTRIBUTE_KEY) ? [[key.slice(ATTRIBUTE_KEY.length), value]] : [],
      ),
    ),
    position: input.position,
    isSparse: sparse !== undefined,
    content: () =>
      sparse === undefined ? input.pieces(storedBytes) : readSparseContent(input, sparse, storedBytes),
  };
  return { entry, storedBytes };
}

function numberOf(records: ReadonlyMap<string, string>, key: string): number | undefined {
  const text = records.get(key);
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,16}$/.test(text)) throw new TarFault(`an extended header says a ${key} that is no number`);
  return Number(text);
}

/** Nanoseconds at most, as a file system has them. */
function timeOf(text: string | undefined): Pick<TarEntry, 'mtimeSeconds' | 'mtimeNanoseconds'> | undefined {
  if (text === undefined) return undefined;
  const [, sign, whole, decimals = ''] = /^(-?)([0-9]{1,16})(?:\.([0-9]*))?$/.exec(text) ?? [];
  if (whole === undefined) throw new TarFault('an extended header says a time that is none');
  const part = Number(decimals.slice(0, 9).padEnd(9, '0'));
  const isBefore = sign === '-' && part > 0;
  const seconds = (sign === '-' ? -Number(whole) : Number(whole)) - (isBefore ? 1 : 0);
  const mtimeNanoseconds = isBefore ? NANOSECONDS - part : part;
  return { mtimeSeconds: seconds + mtimeNanoseconds / NANOSECONDS, mtimeNanoseconds };
}

/** With what fills the last block. */
export function padded(sizeBytes: number): number {
  return Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
}
