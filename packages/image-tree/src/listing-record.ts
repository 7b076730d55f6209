import type { TreeRow } from './column-tree.js';
import type { EntryType } from './tree-entry.js';

/**
 * The `-printf` format with which GNU find lists a tree for `readListing`: eleven fields, each ended by a
 * NUL, the one byte that no name and no link target can hold.
 *
 * Type, mode, uid, gid, size, mtime, device, inode, link count, link target, path below the starting point
 * (so the starting point itself has an empty one, and any directory can be listed as a root).
 *
 * @example find / -xdev -printf "$LISTING_FORMAT"
 * @see find(1), -printf
 */
export const LISTING_FORMAT = String.raw`%y\0%m\0%U\0%G\0%s\0%T@\0%D\0%i\0%n\0%l\0%P\0`;

export const FIELDS_PER_RECORD = 11;

const TYPE_OF_LETTER: Readonly<Record<number, EntryType>> = {
  [letter('f')]: 'file',
  [letter('d')]: 'directory',
  [letter('l')]: 'symlink',
  [letter('p')]: 'fifo',
  [letter('s')]: 'socket',
  [letter('c')]: 'character-device',
  [letter('b')]: 'block-device',
};

const ZERO = letter('0');
const MINUS = letter('-');
const POINT = letter('.');
const SLASH = letter('/');

function letter(character: string): number {
  return character.charCodeAt(0);
}

/**
 * One record of a listing. Read from the bytes without a view or a string per field: a million records would make
 * eleven million of them.
 *
 * @param bytes  holds the record from `start` on. Its strings are each a byte a character, and none keeps it alive.
 * @param ends   where each of its fields ends (at its NUL)
 * @returns      the row, or the name of the first field that cannot be read
 */
export function parseRecord(bytes: Buffer, start: number, ends: readonly number[]): TreeRow | string {
  const from = (index: number) => (index === 0 ? start : (ends[index - 1] as number) + 1);
  const to = (index: number) => ends[index] as number;
  const digits = (index: number, base: 8 | 10 = 10) => readDigits(bytes, from(index), to(index), base);
  const type = to(0) === start + 1 ? TYPE_OF_LETTER[bytes[start] as number] : undefined;
  if (type === undefined) return 'type';
  const mode = digits(1, 8);
  if (!(mode <= 0o7777)) return 'mode';
  const uid = digits(2);
  if (Number.isNaN(uid)) return 'uid';
  const gid = digits(3);
  if (Number.isNaN(gid)) return 'gid';
  const sizeBytes = digits(4);
  if (Number.isNaN(sizeBytes)) return 'size';
  const mtimeSeconds = readTime(bytes, from(5), to(5));
  if (Number.isNaN(mtimeSeconds)) return 'mtime';
  const device = readExact(bytes, from(6), to(6));
  if (device === undefined) return 'device';
  const inode = readExact(bytes, from(7), to(7));
  if (inode === undefined) return 'inode';
  const linkCount = digits(8);
  if (Number.isNaN(linkCount)) return 'link count';
  const linkTarget = type === 'symlink' ? bytes.toString('latin1', from(9), to(9)) : '';
  if (type === 'symlink' && linkTarget === '') return 'link target';
  const path = readPath(bytes, from(10), to(10));
  return { path, type, mode, uid, gid, sizeBytes, mtimeSeconds, device, inode, linkCount, linkTarget };
}

/** The slash takes the place of the NUL before the name for a moment: adding it to the string would copy every path. */
function readPath(bytes: Buffer, from: number, to: number): string {
  bytes[from - 1] = SLASH;
  const path = bytes.toString('latin1', from - 1, to);
  bytes[from - 1] = 0;
  return path;
}

/** @returns NaN unless there are digits, and only digits */
function readDigits(bytes: Buffer, from: number, to: number, base: 8 | 10): number {
  if (from === to) return Number.NaN;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit >= base) return Number.NaN;
    value = value * base + digit;
  }
  return value;
}

/** Inode numbers use all 64 bits on some file systems. */
function readExact(bytes: Buffer, from: number, to: number): number | bigint | undefined {
  const value = readDigits(bytes, from, to, 10);
  if (Number.isNaN(value)) return undefined;
  return Number.isSafeInteger(value) ? value : BigInt(bytes.toString('latin1', from, to));
}

/**
 * `SECONDS.FRACTION`; before 1970 find prints whole seconds rounded down, and the fraction still counts up.
 *
 * @returns NaN if it is none
 */
function readTime(bytes: Buffer, from: number, to: number): number {
  const sign = bytes[from] === MINUS ? -1 : 1;
  const start = sign < 0 ? from + 1 : from;
  const point = bytes.indexOf(POINT, start);
  if (point < 0 || point >= to) return sign * readDigits(bytes, start, to, 10);
  const fraction = readDigits(bytes, point + 1, to, 10) / 10 ** (to - point - 1);
  return sign * readDigits(bytes, start, point, 10) + fraction;
}
