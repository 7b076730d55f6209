import type { Inflater } from './inflater.js';
import type { Parts } from './unpack.js';

const SIGNATURE_BYTES = 8;
/** Length and type before, a checksum after. */
const AROUND_BYTES = 12;

/**
 * The chunks in their order; the pixels, which are in several of them, as one.
 *
 * @see RFC 2083
 */
export function unpackPng(bytes: Buffer, { inflate }: Inflater): Parts {
  const parts = new Map<string, Uint8Array>();
  const pixels: Buffer[] = [];
  for (let at = SIGNATURE_BYTES; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IDAT') pixels.push(data);
    else parts.set(`chunk ${parts.size + 1}, ${type}`, data);
    at += length + AROUND_BYTES;
  }
  return parts.set('pixels', inflate(Buffer.concat(pixels), 'zlib'));
}
