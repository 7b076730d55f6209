import { byteString } from './byte-string.js';
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

const TYPE_OF_LETTER: Readonly<Record<string, EntryType>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  c: 'character-device',
  b: 'block-device',
};

const ZERO = 0x30;

/**
 * One record of a listing.
 *
 * @param bytes   the record, its last NUL included
 * @param ends    where each of its fields ends (at its NUL)
 * @returns       the row, or the name of the first field that cannot be read
 */
export function parseRecord(bytes: Uint8Array, ends: readonly number[]): TreeRow | string {
  const field = (index: number) =>
    bytes.subarray(index === 0 ? 0 : (ends[index - 1] as number) + 1, ends[index]);
  const type = TYPE_OF_LETTER[byteString(field(0))];
  const mode = readDigits(field(1), 8);
  const uid = readDigits(field(2), 10);
  const gid = readDigits(field(3), 10);
  const sizeBytes = readDigits(field(4), 10);
  const mtimeSeconds = readTime(field(5));
  const device = readBig(field(6));
  const inode = readBig(field(7));
  const linkCount = readDigits(field(8), 10);
  if (type === undefined) return 'type';
  if (mode === undefined || mode > 0o7777) return 'mode';
  if (uid === undefined) return 'uid';
  if (gid === undefined) return 'gid';
  if (sizeBytes === undefined) return 'size';
  if (mtimeSeconds === undefined) return 'mtime';
  if (device === undefined) return 'device';
  if (inode === undefined) return 'inode';
  if (linkCount === undefined) return 'link count';
  const linkTarget = byteString(field(9));
  if (type === 'symlink' && linkTarget === '') return 'link target';
  const path = `/${byteString(field(10))}`;
  return { path, type, mode, uid, gid, sizeBytes, mtimeSeconds, device, inode, linkCount, linkTarget };
}

/** Straight from the bytes: a million records would otherwise make ten million short strings. */
function readDigits(bytes: Uint8Array, base: 8 | 10): number | undefined {
  if (bytes.length === 0) return undefined;
  let value = 0;
  for (const byte of bytes) {
    const digit = byte - ZERO;
    if (digit < 0 || digit >= base) return undefined;
    value = value * base + digit;
  }
  return value;
}

/** Inode numbers use all 64 bits on some file systems. */
function readBig(bytes: Uint8Array): bigint | undefined {
  const value = readDigits(bytes, 10);
  if (value === undefined || Number.isSafeInteger(value))
    return value === undefined ? undefined : BigInt(value);
  return BigInt(byteString(bytes));
}

/** `SECONDS.FRACTION`; before 1970 find prints whole seconds rounded down, and the fraction still counts up. */
function readTime(bytes: Uint8Array): number | undefined {
  const [, sign, seconds, fraction] = /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(byteString(bytes)) ?? [];
  if (seconds === undefined) return undefined;
  const whole = sign === '-' ? -Number(seconds) : Number(seconds);
  return fraction === undefined ? whole : whole + Number(`0.${fraction}`);
}
