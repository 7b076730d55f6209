import type { Inflater } from './inflater.js';
import type { Parts } from './unpack.js';

const CENTRAL_RECORD = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const END_RECORD = Buffer.from('PK\x05\x06', 'latin1');
/** Without the comment, and how long that is. */
const END_BYTES = 20;
const STORED = 0;
const DEFLATED = 8;

/**
 * What each member holds, which members there are, with their attributes, but without their times, and what follows them.
 *
 * @throws  for members that are packed in a rare way, for two of one name, and for archives of 4 GB
 * @see APPNOTE.TXT of PKWARE
 */
export function unpackZip(bytes: Buffer, { inflate }: Inflater): Parts {
  const end = bytes.lastIndexOf(END_RECORD);
  if (end < 0) throw new Error('a zip archive without an end');
  const parts = new Map<string, Uint8Array>();
  const members: string[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    if (bytes.readUInt32LE(at) !== CENTRAL_RECORD)
      throw new Error(`no member of a zip archive at byte ${at}`);
    const method = bytes.readUInt16LE(at + 10);
    const sizeBytes = bytes.readUInt32LE(at + 20);
    const nameEnd = at + CENTRAL_BYTES + bytes.readUInt16LE(at + 28);
    const name = bytes.toString('latin1', at + CENTRAL_BYTES, nameEnd);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + sizeBytes);
    if (method !== STORED && method !== DEFLATED)
      throw new Error(`a member of a zip archive is packed by ${method}`);
    if (parts.has(name)) throw new Error(`a zip archive with two members ${name}`);
    parts.set(name, method === STORED ? packed : inflate(packed, 'deflate'));
    members.push(`${name} ${bytes.readUInt32LE(at + 38)}\n`);
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return parts
    .set('the list of members', Buffer.from(members.join(''), 'latin1'))
    .set('the end', bytes.subarray(end + END_BYTES));
}
