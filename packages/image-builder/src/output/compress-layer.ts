import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import type { TocKind } from '@keepset/image-source';
import { BuildError } from '../build-error.js';
import { explainFullDisk } from '../layer/full-disk.js';
import type { SpooledLayer } from '../layer/spool-layer.js';
import { READ_BYTES } from './archive-parts.js';

/**
 * How a layer is compressed. `estargz` and `zstdchunked` are gzip and zstd of which some tools read parts: they are for
 * OCI images alone.
 */
export type Compression = 'none' | 'gzip' | 'zstd' | TocKind;

/** A layer as it goes into an archive. */
export interface Blob {
  readonly file: string;
  /** sha256:… of the file's bytes. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** sha256:… of the tar that is packed in it. */
  readonly diffId: string;
  /** What unpacks it; undefined: nothing has to. */
  readonly packing?: 'gzip' | 'zstd';
  /** Of its descriptor. Default none. */
  readonly annotations?: Readonly<Record<string, string>>;
}

type StreamCompression = Exclude<Compression, 'none' | TocKind>;

const CREATE: Readonly<Record<StreamCompression, () => Transform>> = {
  gzip: () => zlib.createGzip(),
  zstd() {
    requireZstd();
    return zlib.createZstdCompress();
  },
};

/** Of Node 22.15 and later. @throws BuildError BUILD_OUTPUT_FAILED */
export function requireZstd(): void {
  if (zlib.createZstdCompress === undefined)
    throw new BuildError('BUILD_OUTPUT_FAILED', `Node ${process.versions.node} cannot write zstd`, {
      hint: 'Use a newer Node, or gzip.',
    });
}

/**
 * Compress a layer into a file beside it. The same layer gives the same bytes with the same version of zlib or zstd.
 *
 * @throws BuildError BUILD_NO_SPACE  the disk of this machine is full
 * @see OCI image specification, "Image Layer Filesystem Changeset", `+gzip` and `+zstd`
 */
export async function compressLayer(
  layer: SpooledLayer,
  compression: Exclude<Compression, TocKind>,
): Promise<Blob> {
  const { diffId } = layer;
  if (compression === 'none') return { file: layer.file, digest: diffId, sizeBytes: layer.sizeBytes, diffId };
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
  return { file, digest: `sha256:${hash.digest('hex')}`, sizeBytes, diffId, packing: compression };
}
