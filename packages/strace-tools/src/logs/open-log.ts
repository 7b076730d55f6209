import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import zlib from 'node:zlib';
import { StraceToolsError } from '../strace-tools-error.js';

/**
 * The bytes of a log's file, unpacked if its name says that it is packed: `.gz`, `.xz`, `.zst`.
 *
 * @throws StraceToolsError NODE_TOO_OLD  for `.zst`, before Node 22.15
 */
export function openLog(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path);
  if (path.endsWith('.gz')) return through(file, zlib.createGunzip());
  if (path.endsWith('.zst')) {
    if (zlib.createZstdDecompress === undefined) {
      file.destroy();
      throw new StraceToolsError('NODE_TOO_OLD', `${path}: this Node cannot unpack zstd`, {
        hint: 'Node 22.15 and later can.',
      });
    }
    return through(file, zlib.createZstdDecompress());
  }
  return path.endsWith('.xz') ? unpackXz(file) : file;
}

/** An error of the file is one of the reader's. */
function through(file: Readable, unpack: NodeJS.ReadWriteStream): AsyncIterable<Uint8Array> {
  // What fails is told by the iteration, too.
  return pipeline(file, unpack, () => {}) as unknown as AsyncIterable<Uint8Array>;
}

async function* unpackXz(file: Readable): AsyncGenerator<Uint8Array> {
  // A CommonJS module, whose types say otherwise.
  const { default: xz } = (await import('xz-decompress')) as unknown as {
    readonly default: typeof import('xz-decompress');
  };
  const chunks = file[Symbol.asyncIterator]();
  const packed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
  const reader = new xz.XzReadableStream(packed).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
    file.destroy();
  }
}
