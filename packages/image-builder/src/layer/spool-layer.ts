import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { explainFullDisk } from './full-disk.js';
import type { Layer } from './layer.js';
import { watchTar } from './watch-tar.js';

/** A layer on disk. */
export interface SpooledLayer extends Layer {
  readonly file: string;
}

/** Gathered before each write: the engine's pieces are small. */
const WRITE_BYTES = 256 * 1024;

/**
 * Write a tar to a file, hashing on the way: one pass, constant memory.
 *
 * @throws BuildError BUILD_TRUNCATED  the tar has no end mark
 * @throws BuildError BUILD_NO_SPACE   the disk of this machine is full
 */
export async function spoolLayer(
  tar: AsyncIterable<Uint8Array>,
  file: string,
  onBytes?: (sizeBytes: number) => void,
): Promise<SpooledLayer> {
  const hash = createHash('sha256');
  const watch = { sizeBytes: 0 };
  const handle = await open(file, 'w', 0o600);
  try {
    for await (const piece of inPieces(watchTar(tar, watch, onBytes), WRITE_BYTES)) {
      hash.update(piece);
      await handle.write(piece);
    }
  } catch (error) {
    throw explainFullDisk(error, file);
  } finally {
    await handle.close();
  }
  return { file, diffId: `sha256:${hash.digest('hex')}`, sizeBytes: watch.sizeBytes };
}

async function* inPieces(chunks: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const piece = Buffer.allocUnsafe(sizeBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + sizeBytes - filled);
      piece.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === sizeBytes) {
        yield piece;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
