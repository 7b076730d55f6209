import type { Inflater } from './inflater.js';
import type { Parts } from './unpack.js';

/** Flags of a header, in the order of what they announce. */
const FLAGS = { extra: 4, name: 8, comment: 16 };
const HEADER_BYTES = 10;

/**
 * What was compressed, and the header without its time.
 *
 * @see RFC 1952
 */
export function unpackGzip(bytes: Buffer, { inflate }: Inflater): Parts {
  const flags = bytes.readUInt8(3);
  let end = HEADER_BYTES;
  if (flags & FLAGS.extra) end += 2 + bytes.readUInt16LE(end);
  for (const flag of [FLAGS.name, FLAGS.comment]) if (flags & flag) end = bytes.indexOf(0, end) + 1;
  return new Map([
    ['header', Buffer.concat([bytes.subarray(0, 4), bytes.subarray(8, end)])],
    ['content', inflate(bytes, 'gzip')],
  ]);
}
