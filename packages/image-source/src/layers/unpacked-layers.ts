import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SourceError } from '../source-error.js';
import { readTar, type TarEntry } from '../tar/read-tar.js';
import { fileInput, type TarInput } from '../tar/tar-input.js';
import type { Place } from './inodes.js';
import { explainContent } from './read-layer.js';

/** Layers as tars, one after the other, in a temporary file. */
export interface UnpackedLayers extends AsyncDisposable {
  /**
   * Let the next layer through, and write it down.
   *
   * @param what  for messages: "the layer sha256:… of FILE"
   */
  keep(tar: AsyncGenerator<Uint8Array>, what: string): AsyncGenerator<Uint8Array>;
  /** What is to be known of an entry of the last layer, to find its content again. */
  note(entry: Pick<TarEntry, 'start' | 'position' | 'isSparse'>): void;
  /** Contents of entries of layers that were kept; to be read one after the other. */
  reader(): (place: Place, sizeBytes: number) => AsyncIterable<Uint8Array>;
}

/** The file has no name from the beginning: nothing is left of it, however the process ends. */
export async function openUnpackedLayers(): Promise<UnpackedLayers> {
  const name = join(tmpdir(), `keepset-${randomUUID()}`);
  const handle = await open(name, 'wx+', 0o600);
  await rm(name);
  const writer = new GatheringWriter(handle);
  const layers: { readonly start: number; readonly what: string }[] = [];
  /** Where the headers of sparse files begin, by where their contents do. */
  const sparse = new Map<number, number>();
  return {
    async *keep(tar, what) {
      layers.push({ start: writer.position, what });
      for await (const chunk of tar) {
        await writer.write(chunk);
        yield chunk;
      }
      await writer.flush();
    },
    note({ start, position, isSparse }) {
      const from = layers.at(-1)?.start ?? 0;
      if (isSparse) sparse.set(from + position, from + start);
    },
    reader() {
      const file = readAhead(handle);
      const end = writer.position;
      return ({ layer, position }, sizeBytes) => {
        const { start: from = 0, what = '' } = layers[layer] ?? {};
        const start = from + position;
        const header = sparse.get(start);
        return header === undefined
          ? fileInput(file, { start, end }).pieces(sizeBytes)
          : explainContent(firstContent(fileInput(file, { start: header, end })), what);
      };
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

async function* firstContent(input: TarInput): AsyncGenerator<Uint8Array> {
  for await (const { content } of readTar(input)) return yield* content();
}

const BUFFER_BYTES = 256 * 1024;

/** Small writes to the end of a file are few large ones; the next is gathered while one is written. */
class GatheringWriter {
  readonly #handle: FileHandle;
  #held = Buffer.allocUnsafe(BUFFER_BYTES);
  #spare = Buffer.allocUnsafe(BUFFER_BYTES);
  #filled = 0;
  #written: Promise<void> = Promise.resolve();
  /** Of the next byte. */
  position = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BUFFER_BYTES - this.#filled);
      this.#held.set(part, this.#filled);
      this.#filled += part.length;
      this.position += part.length;
      at += part.length;
      if (this.#filled === BUFFER_BYTES) await this.#begin();
    }
  }

  async flush(): Promise<void> {
    await this.#begin();
    await this.#written;
  }

  async #begin(): Promise<void> {
    await this.#written;
    const bytes = this.#held.subarray(0, this.#filled);
    this.#written = writeAll(this.#handle, bytes, this.position - bytes.length);
    // Whoever writes next is told of what it fails with.
    this.#written.catch(() => {});
    [this.#held, this.#spare] = [this.#spare, this.#held];
    this.#filled = 0;
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at).catch(noSpace);
    at += bytesWritten;
  }
}

function noSpace(cause: NodeJS.ErrnoException): never {
  if (cause.code !== 'ENOSPC' && cause.code !== 'EDQUOT') throw cause;
  throw new SourceError('SOURCE_NO_SPACE', `no space left for the unpacked layers in ${tmpdir()}`, {
    hint: 'Point TMPDIR at a folder with room for all that the image holds.',
    cause,
  });
}

/** Reads of what lies together are one. */
function readAhead(handle: FileHandle): Pick<FileHandle, 'read'> {
  const window = Buffer.allocUnsafe(BUFFER_BYTES);
  let start = 0;
  let end = 0;
  return {
    async read(buffer: Buffer, offset: number, length: number, position: number) {
      if (position < start || position >= end) {
        const { bytesRead } = await handle.read(window, 0, window.length, position);
        [start, end] = [position, position + bytesRead];
      }
      const bytesRead = window.copy(
        buffer,
        offset,
        position - start,
        Math.min(end, position + length) - start,
      );
      return { bytesRead, buffer };
    },
  } as Pick<FileHandle, 'read'>;
}
