import { unpackGzip } from './gzip.js';
import { createInflater, type Inflater } from './inflater.js';
import { unpackPdf } from './pdf.js';
import { unpackPng } from './png.js';
import { unpackTar } from './tar.js';
import { unpackZip } from './zip.js';

/** What is in a packed content, by name. */
export type Parts = ReadonlyMap<string, Uint8Array>;

interface Format {
  /** How contents of it begin. */
  readonly magic: Buffer;
  /** Where that stands. Default 0. */
  readonly offset?: number;
  /** @throws  where it is broken */
  unpack(bytes: Buffer, inflater: Inflater): Parts;
}

/** Formats whose inside tells more than their bytes: what is compressed is another throughout where one date is. */
const FORMATS: readonly Format[] = [
  { magic: Buffer.from([0x1f, 0x8b, 0x08]), unpack: unpackGzip },
  { magic: Buffer.from('PK\x03\x04', 'latin1'), unpack: unpackZip },
  { magic: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), unpack: unpackPng },
  { magic: Buffer.from('%PDF-'), unpack: unpackPdf },
  { magic: Buffer.from('ustar'), offset: 257, unpack: unpackTar },
  // RFC 1950, as zlib packs fast, by default and best.
  ...[0x01, 0x9c, 0xda].map((flags) => ({ magic: Buffer.from([0x78, flags]), unpack: unpackZlib })),
];

function unpackZlib(bytes: Buffer, { inflate }: Inflater): Parts {
  return new Map([['content', inflate(bytes, 'zlib')]]);
}

/**
 * Take a content apart: gzip, zip, zlib, tar, PNG or PDF. How well it is packed is no part of it.
 *
 * @returns undefined: it is of no format that is known, is broken, or holds more than fits in memory
 */
export function unpack(bytes: Buffer): Parts | undefined {
  const format = FORMATS.find(({ magic, offset = 0 }) =>
    bytes.subarray(offset, offset + magic.length).equals(magic),
  );
  try {
    return format?.unpack(bytes, createInflater());
  } catch {
    return undefined;
  }
}
