import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type EntryFacts, type ImageSource, type SourceEntry, toEntryHeader } from '@keepset/image-source';
import { BuildError } from '../build-error.js';
import { toSourceEntry } from './generated-entry.js';
import { hashContents } from './hash-contents.js';
import type { Layer } from './layer.js';
import { type LayerRequest, sorted } from './layer-entries.js';

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
  const { places, last, sizeBytes } = planPlaces(
    sorted([...(await source.describe(paths, { stubs })), ...made]),
  );
  const writer = new PlaceWriter(handle, onBytes);
  const entries = source.entries(paths, { stubs });
  const write = async (entry: SourceEntry) => {
    const place = places.get(entry.path);
    if (place === undefined) return;
    places.delete(entry.path);
    await writeEntry(writer, entry, place);
  };
  for (const entry of made) await write(entry);
  for await (const entry of onFile === undefined ? entries : hashContents(entries, onFile))
    await write(entry);
  const [missing] = places.keys();
  if (missing !== undefined) throw changed(missing, 'it is not there');
  writer.seek(last.offset);
  for (const facts of last.before) await writer.write(toEntryHeader(facts));
  await writer.write(END_MARK);
  await writer.flush();
  return { diffId: await hashFile(handle), sizeBytes };
}

/** Where an entry with content stands, and the entries without that stand right before it. */
interface Place {
  readonly offset: number;
  readonly before: readonly EntryFacts[];
}

interface Plan {
  readonly places: Map<string, Place>;
  /** Behind the last content. */
  readonly last: Place;
  readonly sizeBytes: number;
}

function planPlaces(entries: readonly EntryFacts[]): Plan {
  const places = new Map<string, Place>();
  let [offset, end] = [0, 0];
  let before: EntryFacts[] = [];
  for (const facts of entries) {
    end += toEntryHeader(facts).length;
    if (!hasContent(facts)) {
      before.push(facts);
      continue;
    }
    places.set(facts.path, { offset, before });
    end += facts.sizeBytes + paddingOf(facts.sizeBytes);
    offset = end;
    before = [];
  }
  return { places, last: { offset, before }, sizeBytes: end + END_MARK.length };
}

function hasContent({ type, linkTo, sizeBytes }: EntryFacts): boolean {
  return type === 'file' && linkTo === undefined && sizeBytes > 0;
}

function paddingOf(sizeBytes: number): number {
  return (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

async function writeEntry(writer: PlaceWriter, entry: SourceEntry, { offset, before }: Place): Promise<void> {
  writer.seek(offset);
  for (const facts of [...before, entry]) await writer.write(toEntryHeader(facts));
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
