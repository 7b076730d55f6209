import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { BuildError } from './build-error.js';

/** A layer on disk. */
export interface SpooledLayer {
  readonly file: string;
  /** sha256:… of the uncompressed tar: the layer's diff id. */
  readonly diffId: string;
  readonly sizeBytes: number;
}

const BLOCK_BYTES = 512;
const END_MARK_BYTES = 2 * BLOCK_BYTES;
/** Gathered before each write: the engine's pieces are small. */
const WRITE_BYTES = 256 * 1024;

/**
 * Write a tar to a file, hashing on the way: one pass, constant memory.
 *
 * @throws BuildError BUILD_TRUNCATED  the tar has no end mark: whoever wrote it was stopped
 * @throws BuildError BUILD_NO_SPACE   the disk of this machine is full
 * @see tar(5), "General Format": two blocks of zeros end an archive
 */
export async function spoolLayer(
  tar: AsyncIterable<Uint8Array>,
  file: string,
  onBytes?: (sizeBytes: number) => void,
): Promise<SpooledLayer> {
  const hash = createHash('sha256');
  let tail: Uint8Array = new Uint8Array();
  let sizeBytes = 0;
  const handle = await open(file, 'wx', 0o600);
  try {
    for await (const piece of inPieces(tar, WRITE_BYTES)) {
      hash.update(piece);
      await handle.write(piece);
      sizeBytes += piece.length;
      tail =
        piece.length >= END_MARK_BYTES
          ? piece.slice(-END_MARK_BYTES)
          : Buffer.concat([tail, piece]).subarray(-END_MARK_BYTES);
      onBytes?.(sizeBytes);
    }
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
    throw new BuildError('BUILD_NO_SPACE', `no space left for the layer in ${file}`, {
      hint: 'Point TMPDIR at a folder with room for the result.',
      cause: error,
    });
  } finally {
    await handle.close();
  }
  if (sizeBytes % BLOCK_BYTES !== 0 || tail.length < END_MARK_BYTES || tail.some((byte) => byte !== 0)) {
    throw new BuildError(
      'BUILD_TRUNCATED',
      `the tar of the kept files ended early, after ${sizeBytes} bytes`,
    );
  }
  return { file, diffId: `sha256:${hash.digest('hex')}`, sizeBytes };
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
