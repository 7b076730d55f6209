import type { Attributes } from './read-attributes.js';

const BLOCK_BYTES = 512;
/** What the fields of a ustar header hold; more goes into a pax record. */
const NAME_BYTES_MAX = 100;
const OWNER_MAX = 0o7777777;

/**
 * The tar entry of something without content: a folder, or an empty file in place of a full one, with its name,
 * owner, mode and time.
 *
 * @param path  absolute byte string; it goes into the archive as it is, for the name of a file need not be text
 * @see pax(1), "pax Interchange Format"
 */
export function packBareEntry(path: string, attributes: Attributes): Uint8Array {
  const { kind, mode, uid, gid, mtime } = attributes;
  const isFolder = kind === 'd';
  const name = Buffer.from(path === '/' ? './' : `${path.slice(1)}${isFolder ? '/' : ''}`, 'latin1');
  const [seconds = '0', decimals = ''] = mtime.split('.');
  const fraction = decimals.replace(/0+$/, '');
  const records: Buffer[] = [];
  if (name.length > NAME_BYTES_MAX) records.push(paxRecord('path', name));
  if (uid > OWNER_MAX) records.push(paxRecord('uid', Buffer.from(String(uid))));
  if (gid > OWNER_MAX) records.push(paxRecord('gid', Buffer.from(String(gid))));
  if (fraction !== '' || Number(seconds) < 0)
    records.push(paxRecord('mtime', Buffer.from(fraction === '' ? seconds : `${seconds}.${fraction}`)));

  const owner = { uid: Math.min(uid, OWNER_MAX), gid: Math.min(gid, OWNER_MAX) };
  const file = header({
    name,
    mode,
    ...owner,
    seconds: Math.max(0, Number(seconds)),
    sizeBytes: 0,
    type: isFolder ? '5' : '0',
  });
  if (records.length === 0) return file;
  const body = Buffer.concat(records);
  const padding = Buffer.alloc((BLOCK_BYTES - (body.length % BLOCK_BYTES)) % BLOCK_BYTES);
  const extended = header({
    name: Buffer.from('PaxHeaders/bare'),
    mode: 0o644,
    uid: 0,
    gid: 0,
    seconds: 0,
    sizeBytes: body.length,
    type: 'x',
  });
  return Buffer.concat([extended, body, padding, file]);
}

interface HeaderFields {
  readonly name: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly seconds: number;
  readonly sizeBytes: number;
  /** A file, a folder, or records for the entry that follows. */
  readonly type: '0' | '5' | 'x';
}

/** @see tar(5), "POSIX ustar Archives" */
function header({ name, mode, uid, gid, seconds, sizeBytes, type }: HeaderFields): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, at: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  name.copy(block, 0, 0, NAME_BYTES_MAX);
  octal(mode, 100, 7);
  octal(uid, 108, 7);
  octal(gid, 116, 7);
  octal(sizeBytes, 124, 11);
  octal(seconds, 136, 11);
  block.fill(' ', 148, 156);
  block.write(type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** 'LENGTH KEY=VALUE\n', where LENGTH counts itself. */
function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
