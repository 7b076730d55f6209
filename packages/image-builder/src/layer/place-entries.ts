import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import {
  type EntryFacts,
  type ImageSource,
  mergeByPath,
  type SourceEntry,
  toEntryHeader,
} from '@keepset/image-source';
import { BuildError } from '../build-error.js';
import { toSourceEntry } from './generated-entry.js';
import { hashContents } from './hash-contents.js';
import type { Layer } from './layer.js';
import type { LayerRequest } from './layer-entries.js';

/** A source that tells of its entries before their bytes come. */
export type DescribingSource = Required<Pick<ImageSource, 'describe' | 'entries'>>;

const BLOCK_BYTES = 512;
const END_MARK = new Uint8Array(2 * BLOCK_BYTES);

/**
 * Write a layer, sorted, of a source whose bytes come in an order of their own: where each entry stands in the tar is
 * known from what is said of all of them, so each is written to its place when its bytes come. Nothing is held, and
 * nothing is written twice.
 *
 * @param handle  of an empty file, for writing and reading
 */
export async function placeEntries(
  handle: FileHandle,
  source: DescribingSource,
  { paths, stubs, generated = [], onFile }: LayerRequest,
  onBytes: (sizeBytes: number) => void,
): Promise<Pick<Layer, 'diffId' | 'sizeBytes'>> {
  const made = generated.map(toSourceEntry);
  const writer = new PlaceWriter(handle, onBytes);
  const described = await source.describe(paths, { stubs });
  // With the caller's strings for keys: those of a description are others, and a large image has many.
  const places = new Map([...paths, ...made.map(({ path }) => path)].map((path) => [path, NOWHERE]));
  const sizeBytes = await placeAll(writer, mergeByPath<EntryFacts>(described, made), places);
  const entries = source.entries(paths, { stubs });
  const write = async (entry: SourceEntry) => {
    const offset = places.get(entry.path) ?? NOWHERE;
    if (offset === NOWHERE) return;
    places.set(entry.path, NOWHERE);
    await writeEntry(writer, entry, offset);
  };
  for (const entry of made) await write(entry);
  for await (const entry of onFile === undefined ? entries : hashContents(entries, onFile))
    await write(entry);
  for (const [path, offset] of places) if (offset !== NOWHERE) throw changed(path, 'it is not there');
  await writer.flush();
  return { diffId: await hashFile(handle), sizeBytes };
}

/** No content is to come, or it has come. */
const NOWHERE = -1;

/**
 * Give each entry that has a content its place; the others are written at once, with the end mark.
 *
 * @returns the size of the tar
 */
async function placeAll(
  writer: PlaceWriter,
  entries: Iterable<EntryFacts>,
  places: Map<string, number>,
): Promise<number> {
  let end = 0;
  for (const facts of entries) {
    const header = toEntryHeader(facts);
    if (hasContent(facts)) {
      places.set(facts.path, end);
      end += header.length + facts.sizeBytes + paddingOf(facts.sizeBytes);
    } else {
      writer.seek(end);
      await writer.write(header);
      end += header.length;
    }
  }
  writer.seek(end);
  await writer.write(END_MARK);
  return end + END_MARK.length;
}

function hasContent({ type, linkTo, sizeBytes }: EntryFacts): boolean {
  return type === 'file' && linkTo === undefined && sizeBytes > 0;
}

function paddingOf(sizeBytes: number): number {
  return (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

async function writeEntry(writer: PlaceWriter, entry: SourceEntry, offset: number): Promise<void> {
  writer.seek(offset);
  await writer.write(toEntryHeader(entry));
  let leftBytes = entry.sizeBytes;
  for await (const chunk of entry.content()) {
    leftBytes -= chunk.length;
    if (leftBytes < 0) break;
    await writer.write(chunk);
  }
  if (leftBytes !== 0) throw changed(entry.path, `it is not the ${entry.sizeBytes} bytes that it was`);
  await writer.write(END_MARK.subarray(0, paddingOf(entry.sizeBytes)));
}

function changed(path: string, how: string): BuildError {
  return new BuildError('BUILD_TRUNCATED', `the source changed while it was read: of ${path} ${how}`, {
    hint: 'Try again.',
  });
}

const WRITE_BYTES = 256 * 1024;

/** Writes to any place of a file, gathering what follows on what was written. */
class PlaceWriter {
  readonly #handle: FileHandle;
  readonly #onBytes: (sizeBytes: number) => void;
  readonly #held = Buffer.allocUnsafe(WRITE_BYTES);
  #filled = 0;
  /** Of what is held. */
  #position = 0;
  #next = 0;
  #sizeBytes = 0;

  constructor(handle: FileHandle, onBytes: (sizeBytes: number) => void) {
    this.#handle = handle;
    this.#onBytes = onBytes;
  }

  /** What is written next stands there. */
  seek(offset: number): void {
    this.#next = offset;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#next !== this.#position + this.#filled) {
      await this.flush();
      this.#position = this.#next;
    }
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + WRITE_BYTES - this.#filled);
      this.#held.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === WRITE_BYTES) await this.flush();
    }
    this.#next += bytes.length;
  }

  async flush(): Promise<void> {
    for (let at = 0; at < this.#filled; ) {
      const { bytesWritten } = await this.#handle.write(
        this.#held,
        at,
        this.#filled - at,
        this.#position + at,
      );
      at += bytesWritten;
    }
    this.#position += this.#filled;
    this.#sizeBytes += this.#filled;
    this.#filled = 0;
    this.#onBytes(this.#sizeBytes);
  }
}

async function hashFile(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(4 * WRITE_BYTES);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return `sha256:${hash.digest('hex')}`;
}
