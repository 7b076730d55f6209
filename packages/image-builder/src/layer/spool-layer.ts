import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { type ImageSource, writeTarEntries } from '@keepset/image-source';
import { explainFullDisk } from './full-disk.js';
import type { Layer } from './layer.js';
import { type LayerRequest, readLayerEntries } from './layer-entries.js';
import { placeEntries } from './place-entries.js';

/** A layer on disk. */
export interface SpooledLayer extends Layer {
  readonly file: string;
}

/** Where a layer is to lie. */
export interface SpoolPlace {
  /** A file that is made. */
  readonly file: string;
  /** Called with the number of bytes written so far. */
  readonly onBytes?: ((sizeBytes: number) => void) | undefined;
}

/**
 * Write a layer to a file; constant memory.
 *
 * @throws BuildError BUILD_NO_SPACE  the disk of this machine is full
 * @throws SourceError, EngineError   as the source does
 */
export async function spoolLayer(
  source: ImageSource,
  request: LayerRequest,
  { file, onBytes = () => {} }: SpoolPlace,
): Promise<SpooledLayer> {
  const handle = await open(file, 'w+', 0o600);
  try {
    const written =
      source.describe === undefined
        ? await writeStream(handle, writeTarEntries(readLayerEntries(source, request)), onBytes)
        : await placeEntries(
            handle,
            { describe: source.describe, entries: source.entries },
            request,
            onBytes,
          );
    return { file, ...written };
  } catch (error) {
    throw explainFullDisk(error, file);
  } finally {
    await handle.close();
  }
}

/** Gathered before each write: the engine's pieces are small. */
const WRITE_BYTES = 256 * 1024;

/** In one pass, hashed on the way. */
async function writeStream(
  handle: FileHandle,
  tar: AsyncIterable<Uint8Array>,
  onBytes: (sizeBytes: number) => void,
): Promise<Pick<Layer, 'diffId' | 'sizeBytes'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const piece of inPieces(tar, WRITE_BYTES)) {
    hash.update(piece);
    await handle.write(piece);
    sizeBytes += piece.length;
    onBytes(sizeBytes);
  }
  return { diffId: `sha256:${hash.digest('hex')}`, sizeBytes };
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
