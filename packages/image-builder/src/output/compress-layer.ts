import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { BuildError } from '../build-error.js';
import { explainFullDisk } from '../layer/full-disk.js';
import type { SpooledLayer } from '../layer/spool-layer.js';
import { READ_BYTES } from './archive-parts.js';

/** How a layer is compressed. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** A layer as it goes into an archive. */
export interface Blob {
  readonly file: string;
  /** sha256:… of the file's bytes. */
  readonly digest: string;
  readonly sizeBytes: number;
}

const CREATE: Readonly<Record<Exclude<Compression, 'none'>, () => Transform>> = {
  gzip: () => zlib.createGzip(),
  zstd() {
    // Of Node 22.15 and later.
    if (zlib.createZstdCompress === undefined)
      throw new BuildError('BUILD_OUTPUT_FAILED', `Node ${process.versions.node} cannot write zstd`, {
        hint: 'Use a newer Node, or gzip.',
      });
    return zlib.createZstdCompress();
  },
};

/**
 * Compress a layer into a file beside it. The same layer gives the same bytes with the same version of zlib or zstd.
 *
 * @throws BuildError BUILD_NO_SPACE  the disk of this machine is full
 * @see OCI image specification, "Image Layer Filesystem Changeset", `+gzip` and `+zstd`
 */
export async function compressLayer(layer: SpooledLayer, compression: Compression): Promise<Blob> {
  if (compression === 'none') return { file: layer.file, digest: layer.diffId, sizeBytes: layer.sizeBytes };
  const file = `${layer.file}.${compression}`;
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  const compressor = CREATE[compression]();
  try {
    await pipeline(
      createReadStream(layer.file, { highWaterMark: READ_BYTES }),
      compressor,
      measure,
      createWriteStream(file, { mode: 0o600 }),
    );
  } catch (error) {
    throw explainFullDisk(error, file);
  }
  return { file, digest: `sha256:${hash.digest('hex')}`, sizeBytes };
}
