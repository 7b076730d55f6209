import type { Parts } from './unpack.js';

const BLOCK_BYTES = 512;
const FIELDS = {
  name: [0, 100],
  size: [124, 136],
  time: [136, 148],
  checksum: [148, 156],
  type: [156, 157],
  prefix: [345, 500],
} as const;
/** What precedes a member and says more of it: its long name, its attributes. */
const OF_NEXT = /^[xgLK]$/;

/**
 * What each member holds, its attributes and its time, and the order of members.
 *
 * @throws  for what is no tar archive, has a member of 8 GB, or two of one name
 * @see POSIX.1-2017, pax, "ustar Interchange Format"
 */
export function unpackTar(bytes: Buffer): Parts {
  const parts = new Map<string, Uint8Array>();
  const members: string[] = [];
  let [at, ofNext] = [0, Buffer.alloc(0)];
  while (bytes.readUInt8(at) !== 0) {
    const header = bytes.subarray(at, at + BLOCK_BYTES);
    const size = octalAt(header, 'size');
    if (sumOf(header) !== octalAt(header, 'checksum'))
      throw new Error(`no member of a tar archive at byte ${at}`);
    const start = at + BLOCK_BYTES;
    if (start + size > bytes.length) throw new Error('a tar archive that is cut');
    const content = bytes.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    if (OF_NEXT.test(textAt(header, 'type'))) {
      ofNext = Buffer.concat([ofNext, content]);
      continue;
    }
    const name = `${textAt(header, 'prefix')}/${textAt(header, 'name')}`;
    if (parts.has(name)) throw new Error(`a tar archive with two members ${name}`);
    members.push(`${name}\n`);
    parts.set(name, content);
    parts.set(`${name}, attributes`, withoutTime(header));
    parts.set(`${name}, time`, Buffer.from(textAt(header, 'time')));
    parts.set(`${name}, more`, ofNext);
    ofNext = Buffer.alloc(0);
  }
  return parts
    .set('the list of members', Buffer.from(members.join(''), 'latin1'))
    .set('the end', bytes.subarray(at));
}

function textAt(header: Buffer, field: keyof typeof FIELDS): string {
  return header.toString('latin1', ...FIELDS[field]).replace(/\0.*$/s, '');
}

function octalAt(header: Buffer, field: keyof typeof FIELDS): number {
  const text = textAt(header, field).trim();
  if (!/^[0-7]+$/.test(text)) throw new Error(`no octal number in a tar archive: ${text}`);
  return Number.parseInt(text, 8);
}

/** With blanks where it stands itself. */
function sumOf(header: Buffer): number {
  const [from, to] = FIELDS.checksum;
  return header.reduce((sum, byte, at) => sum + (at >= from && at < to ? 0x20 : byte), 0);
}

function withoutTime(header: Buffer): Buffer {
  return Buffer.from(header).fill(0, FIELDS.time[0], FIELDS.checksum[1]);
}
