import { ATTRIBUTE_KEY, NANOSECONDS, padded, type TarEntry } from './read-tar.js';
import { TarFault } from './tar-fault.js';
import { BLOCK_BYTES } from './tar-header.js';

/** What a tar says of an entry, but for its content. */
export type TarFacts = Omit<TarEntry, 'start' | 'position' | 'isSparse' | 'content'>;

/** An entry to be written. */
export interface TarItem extends TarFacts {
  /** As many bytes as `sizeBytes` says. */
  content(): AsyncIterable<Uint8Array>;
}

/** Two blocks of zeros. @see tar(5), "General Format" */
const TAR_END: Uint8Array = new Uint8Array(2 * BLOCK_BYTES);

/**
 * Entries as a tar: one form for each entry, whoever writes it where. Extended headers only for what the plain one
 * cannot hold; no sparse maps, no names of owners, no times but the last modification.
 *
 * @throws TarFault  a content is not as long as it was said to be
 * @see pax(1), "pax Interchange Format"
 */
export async function* writeTar(items: AsyncIterable<TarItem>): AsyncGenerator<Uint8Array> {
  yield* gathered(writeItems(items));
}

async function* writeItems(items: AsyncIterable<TarItem>): AsyncGenerator<Uint8Array> {
  for await (const item of items) {
    yield toTarHeader(item);
    const { name, type, sizeBytes } = item;
    if (type !== 'file' || sizeBytes === 0) continue;
    let leftBytes = sizeBytes;
    for await (const chunk of item.content()) {
      leftBytes -= chunk.length;
      if (leftBytes < 0) break;
      yield chunk;
    }
    if (leftBytes !== 0)
      throw new TarFault(`${JSON.stringify(name)} is not the ${sizeBytes} bytes that it was`);
    yield ZEROS.subarray(0, padded(sizeBytes) - sizeBytes);
  }
  yield TAR_END;
}

/** What is smaller is gathered, what is not passes as it is. */
const SMALL_BYTES = 16 * 1024;
const PIECE_BYTES = 4 * SMALL_BYTES;

async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = Buffer.allocUnsafe(PIECE_BYTES);
  let filled = 0;
  for await (const piece of pieces) {
    const isSmall = piece.length < SMALL_BYTES;
    if (filled > 0 && (!isSmall || filled + piece.length > PIECE_BYTES)) {
      yield held.subarray(0, filled);
      held = Buffer.allocUnsafe(PIECE_BYTES);
      filled = 0;
    }
    if (isSmall) {
      held.set(piece, filled);
      filled += piece.length;
    } else yield piece;
  }
  if (filled > 0) yield held.subarray(0, filled);
}

const ZEROS = new Uint8Array(BLOCK_BYTES);

const TYPES: Readonly<Record<TarEntry['type'], string>> = {
  file: '0',
  'hard-link': '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
  // What a tar cannot hold is not asked of it.
  socket: '0',
};

const NAME_BYTES_MAX = 100;
const PREFIX_BYTES_MAX = 155;
/** Seven and eleven octal digits. */
const OWNER_MAX = 0o7777777;
const NUMBER_MAX = 0o77777777777;
const ASCII = /^[\x20-\x7e]*$/;

/** The header of an entry, with the extended one before it where that is needed. */
export function toTarHeader(facts: TarFacts): Buffer {
  const { type, name, linkName, mode, uid, gid, mtimeNanoseconds, device, attributes } = facts;
  const sizeBytes = type === 'file' ? facts.sizeBytes : 0;
  const seconds = Math.round(facts.mtimeSeconds - mtimeNanoseconds / NANOSECONDS);
  const split = splitName(name);
  const records: [string, string][] = [...attributes].map(([key, value]) => [ATTRIBUTE_KEY + key, value]);
  if (split === undefined) records.push(['path', name]);
  if (linkName.length > NAME_BYTES_MAX || !ASCII.test(linkName)) records.push(['linkpath', linkName]);
  if (uid > OWNER_MAX) records.push(['uid', String(uid)]);
  if (gid > OWNER_MAX) records.push(['gid', String(gid)]);
  if (sizeBytes > NUMBER_MAX) records.push(['size', String(sizeBytes)]);
  if (mtimeNanoseconds !== 0 || seconds < 0 || seconds > NUMBER_MAX)
    records.push(['mtime', printTime(seconds, mtimeNanoseconds)]);
  const [prefix, short] = split ?? ['', name];
  const header = toBlock({
    type: TYPES[type],
    name: short,
    prefix,
    linkName,
    mode,
    uid: within(uid, OWNER_MAX),
    gid: within(gid, OWNER_MAX),
    sizeBytes: within(sizeBytes, NUMBER_MAX),
    seconds: within(seconds, NUMBER_MAX),
    device,
  });
  return records.length === 0 ? header : Buffer.concat([toExtendedHeader(records), header]);
}

/** A number that has a record has a field of zeros. */
function within(value: number, max: number): number {
  return value > max || value < 0 ? 0 : value;
}

/** @returns prefix and name of the plain header; undefined of a name that it cannot hold */
function splitName(name: string): readonly [prefix: string, name: string] | undefined {
  if (!ASCII.test(name)) return undefined;
  if (name.length <= NAME_BYTES_MAX) return ['', name];
  const slash = name.lastIndexOf('/', Math.min(PREFIX_BYTES_MAX, name.length - 2));
  if (slash < 1 || name.length - slash - 1 > NAME_BYTES_MAX) return undefined;
  return [name.slice(0, slash), name.slice(slash + 1)];
}

/** Before 1970 the part counts down with the seconds. */
function printTime(seconds: number, nanoseconds: number): string {
  const isBefore = seconds < 0 && nanoseconds > 0;
  const whole = isBefore ? -seconds - 1 : Math.abs(seconds);
  const part = isBefore ? NANOSECONDS - nanoseconds : nanoseconds;
  const decimals = String(part).padStart(9, '0').replace(/0+$/, '');
  return `${seconds < 0 ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}

/** By the bytes of the keys. */
function toExtendedHeader(records: readonly (readonly [key: string, value: string])[]): Buffer {
  const sorted = records.toSorted(([one], [other]) => (one < other ? -1 : 1));
  const body = Buffer.from(sorted.map(([key, value]) => toRecord(key, value)).join(''), 'latin1');
  const header = toBlock({
    type: 'x',
    name: 'PaxHeaders',
    prefix: '',
    linkName: '',
    mode: 0o644,
    uid: 0,
    gid: 0,
    sizeBytes: body.length,
    seconds: 0,
    device: [0, 0],
  });
  return Buffer.concat([header, body, ZEROS.subarray(0, padded(body.length) - body.length)]);
}

/** 'LENGTH KEY=VALUE\n', where LENGTH counts itself. */
function toRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

interface BlockFields {
  readonly type: string;
  readonly name: string;
  readonly prefix: string;
  readonly linkName: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly seconds: number;
  readonly device: readonly [major: number, minor: number];
}

/** @see tar(5), "POSIX ustar Archives" */
function toBlock(fields: BlockFields): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const text = (value: string, at: number, length: number) => block.write(value, at, length, 'latin1');
  const octal = (value: number, at: number, digits: number) =>
    text(value.toString(8).padStart(digits, '0'), at, digits);
  text(fields.name, 0, NAME_BYTES_MAX);
  octal(fields.mode, 100, 7);
  octal(fields.uid, 108, 7);
  octal(fields.gid, 116, 7);
  octal(fields.sizeBytes, 124, 11);
  octal(fields.seconds, 136, 11);
  block.fill(' ', 148, 156);
  text(fields.type, 156, 1);
  text(fields.linkName, 157, NAME_BYTES_MAX);
  text('ustar\x0000', 257, 8);
  octal(fields.device[0], 329, 7);
  octal(fields.device[1], 337, 7);
  text(fields.prefix, 345, PREFIX_BYTES_MAX);
  octal(sumOf(block), 148, 6);
  block[154] = 0;
  return block;
}

/** By index: an iterator makes an object of each byte, and headers are many. */
function sumOf(block: Buffer): number {
  let sum = 0;
  for (let at = 0; at < BLOCK_BYTES; at++) sum += block[at] as number;
  return sum;
}
