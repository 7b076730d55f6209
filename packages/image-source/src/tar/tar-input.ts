import type { FileHandle } from 'node:fs/promises';
import { TarFault } from './tar-fault.js';

/** Bytes that are read from front to end. */
export interface TarInput {
  /** Number of bytes that were read or skipped. */
  readonly position: number;
  /** @returns as many as are left, where that is fewer */
  read(sizeBytes: number): Promise<Buffer>;
  /** The next bytes in pieces; no more is held. @throws TarFault  they end early */
  pieces(sizeBytes: number): AsyncIterable<Uint8Array>;
  /** @throws TarFault  they end early */
  skip(sizeBytes: number): Promise<void>;
}

/** A stream, of which no more than a chunk is held. */
export function streamInput(chunks: AsyncIterable<Uint8Array>): TarInput {
  const iterator = chunks[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array();
  let position = 0;
  /** At least a byte, or none at the end. */
  async function upTo(sizeBytes: number): Promise<Uint8Array> {
    while (chunk.length === 0) {
      const next = await iterator.next();
      if (next.done) return chunk;
      chunk = next.value;
    }
    const taken = chunk.subarray(0, sizeBytes);
    chunk = chunk.subarray(taken.length);
    position += taken.length;
    return taken;
  }
  async function* pieces(sizeBytes: number): AsyncGenerator<Uint8Array> {
    for (let left = sizeBytes; left > 0; ) {
      const piece = await upTo(left);
      if (piece.length === 0) throw endsEarly(position);
      left -= piece.length;
      yield piece;
    }
  }
  return {
    get position() {
      return position;
    },
    async read(sizeBytes) {
      const gathered: Uint8Array[] = [];
      for (let left = sizeBytes; left > 0; ) {
        const piece = await upTo(left);
        if (piece.length === 0) break;
        left -= piece.length;
        gathered.push(piece);
      }
      return Buffer.concat(gathered);
    },
    pieces,
    async skip(sizeBytes) {
      for await (const _ of pieces(sizeBytes));
    },
  };
}

/** Smaller pieces are collected sooner: what is held of a layer besides is little. */
const READ_BYTES = 32 * 1024;

/** A file, of which nothing is read that is skipped. */
export function fileInput(
  file: Pick<FileHandle, 'read'>,
  { start, end }: { readonly start: number; readonly end: number },
): TarInput {
  let position = start;
  async function read(sizeBytes: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(sizeBytes, end - position)));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    position += filled;
    return buffer.subarray(0, filled);
  }
  return {
    get position() {
      return position;
    },
    read,
    async *pieces(sizeBytes) {
      for (let left = sizeBytes; left > 0; ) {
        const piece = await read(Math.min(left, READ_BYTES));
        if (piece.length === 0) throw endsEarly(position);
        left -= piece.length;
        yield piece;
      }
    },
    async skip(sizeBytes) {
      if (position + sizeBytes > end) throw endsEarly(end);
      position += sizeBytes;
    },
  };
}

function endsEarly(position: number): TarFault {
  return new TarFault(`it ends early, after ${position} bytes`);
}
