import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { SourceError } from '../source-error.js';
import { Feed } from './feed.js';
import { LayerFault } from './layer-fault.js';

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Frames that hold nothing of the content, with any last digit. @see RFC 8878, "Skippable Frames" */
const SKIPPABLE = /^5.2a4d18$/;

/** What a layer may unpack to: bytes for each packed one, and some more. Real ones have 2 to 10. */
const EXPANSION_MAX = 200;
const FREE_BYTES = 1024 ** 3;

/** @throws SourceError SOURCE_TOO_LARGE  bytes that lie there become more than anybody meant */
export function requireMeant(sizeBytes: number, storedBytes: number, what: string): void {
  if (sizeBytes <= EXPANSION_MAX * storedBytes + FREE_BYTES) return;
  throw new SourceError(
    'SOURCE_TOO_LARGE',
    `${what} unpacks to more than ${EXPANSION_MAX} times its ${storedBytes} bytes`,
    { hint: 'If it is meant so: load the image into an engine, and name it there.' },
  );
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Unpack a layer: gzip, zstd, or plain, by its first bytes, as engines do; a media type may lie. What is packed is
 * read to its end.
 *
 * @param what  for messages: "the layer sha256:… of FILE"
 * @throws LayerFault  it cannot be unpacked
 * @throws SourceError SOURCE_TOO_LARGE    it unpacks to more than anybody meant
 * @throws SourceError SOURCE_UNSUPPORTED  zstd, before Node.js 22.15
 */
export async function* unpackLayer(
  packed: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<Uint8Array> {
  const feed = new Feed(packed);
  try {
    const head = await feed.peek(ZSTD.length);
    if (startsWith(head, GZIP)) yield* limited(gunzip(feed), feed, what);
    else if (isZstd(head)) yield* limited(unpackFrames(feed, what), feed, what);
    else yield* feed.read(() => Number.POSITIVE_INFINITY);
    await feed.drain();
  } catch (error) {
    throw feed.failure?.error ?? explained(error);
  } finally {
    await feed.close();
  }
}

function gunzip(feed: Feed): AsyncIterable<Uint8Array> {
  return unpack(feed, zlib.createGunzip({ chunkSize: CHUNK_BYTES }));
}

/** Node.js unpacks one frame; layers that can be read in parts have many. */
async function* unpackFrames(feed: Feed, what: string): AsyncGenerator<Uint8Array> {
  if (typeof zlib.createZstdDecompress !== 'function')
    throw new SourceError(
      'SOURCE_UNSUPPORTED',
      `${what} is packed with zstd, which this Node.js cannot unpack`,
      { hint: 'Use Node.js 22.15 or later.' },
    );
  for (let head = await feed.peek(ZSTD.length); head.length > 0; head = await feed.peek(ZSTD.length)) {
    if (!isZstd(head)) throw new LayerFault('it cannot be unpacked (what follows a frame is none)');
    yield* unpack(feed, zlib.createZstdDecompress({ chunkSize: CHUNK_BYTES }));
  }
}

/** What an unpacker does not use stays for the next. */
async function* unpack(feed: Feed, unpacker: zlib.Gunzip | zlib.ZstdDecompress): AsyncGenerator<Uint8Array> {
  const packed = feed.read(() => unpacker.bytesWritten);
  const piped = pipeline(Readable.from(packed, { objectMode: false }), unpacker);
  // It is cut off where the unpacker has enough; what the unpacker fails with, its reader is told.
  piped.catch(() => {});
  try {
    yield* unpacker as AsyncIterable<Uint8Array>;
  } finally {
    unpacker.destroy();
    await packed.return(undefined);
  }
}

async function* limited(
  unpacked: AsyncIterable<Uint8Array>,
  packed: Feed,
  what: string,
): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of unpacked) {
    sizeBytes += chunk.length;
    requireMeant(sizeBytes, packed.sizeBytes, what);
    yield chunk;
  }
}

function isZstd(head: Buffer): boolean {
  return startsWith(head, ZSTD) || SKIPPABLE.test(head.toString('hex'));
}

function startsWith(head: Buffer, mark: Buffer): boolean {
  return head.subarray(0, mark.length).equals(mark);
}

function explained(error: unknown): unknown {
  const { code = '' } = error as { code?: string };
  if (!/^(?:Z_|ZSTD_|ERR_ZLIB|ERR__ZSTD)/.test(code)) return error;
  return new LayerFault(`it cannot be unpacked (${(error as Error).message})`, { cause: error });
}
