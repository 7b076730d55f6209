import type { BlobStore } from '../../blobs/blob-store.js';
import { checkDigest } from '../../blobs/check-digest.js';
import type { TarEntry } from '../../tar/read-tar.js';
import { BLOCK_BYTES } from '../../tar/tar-header.js';
import { streamInput, type TarInput } from '../../tar/tar-input.js';
import { LayerFault } from '../layer-fault.js';
import { type LayerFacts, nameOf } from '../read-layer.js';
import { requireMeant, unpackLayer } from '../unpack-layer.js';
import { parseToc, type TocChunk, type TocEntry } from './parse-toc.js';
import { readToc, type Toc } from './read-toc.js';

/** A layer of which no more is read than what is wanted. */
export interface IndexedLayer {
  /** All of them, in their order. Their positions only tell them apart. */
  readonly entries: readonly Omit<TarEntry, 'content'>[];
  /** Contents of those at some positions, as they follow each other in the layer. */
  contents(wanted: { has(position: number): boolean }): AsyncIterable<Pick<TarEntry, 'position' | 'content'>>;
}

/**
 * A layer by its table of contents, for which the manifest vouches; each content is held against the table.
 *
 * @returns undefined of one that has none, or one that is not understood: it can be read from front to end
 * @throws SourceError SOURCE_BAD_DIGEST  it has another table than the manifest says
 */
export async function openIndexedLayer(
  store: BlobStore,
  layer: LayerFacts,
): Promise<IndexedLayer | undefined> {
  const { name, toc: place } = layer;
  if (place === undefined) return undefined;
  const what = nameOf(layer, store);
  const toc = await readToc(store, { name, toc: place }, what);
  const listed = toc && parseToc(toc.text);
  if (toc === undefined || listed === undefined) return undefined;
  const starts = listed.flatMap(({ chunks }) => chunks.map(({ start }) => start));
  if (starts.some((start) => start >= toc.start)) return undefined;
  requireMeant(
    listed.reduce((sum, entry) => sum + entry.sizeBytes, 0),
    place.layerBytes,
    what,
  );
  const entries = toc.self === undefined ? listed : [...listed, ownEntry(toc, place.digest, listed.length)];
  const bounds = Float64Array.from(new Set([...starts, toc.start, toc.end])).sort();
  return {
    entries,
    contents: (wanted) =>
      readContents(
        { store, name, what },
        entries.flatMap((entry) => (wanted.has(entry.position) ? toContent(entry, bounds) : [])),
      ),
  };
}

/** The table itself, which a reader from front to end finds as a file. */
function ownEntry({ start, self, text }: Toc, digest: string, index: number): TocEntry {
  const { position: skipBytes = 0, ...facts } = self as NonNullable<Toc['self']>;
  const position = (index + 1) * BLOCK_BYTES;
  const chunks = [{ start, skipBytes, sizeBytes: text.length, digest }];
  return { ...facts, start: position, position, chunks, digest };
}

/** A content, and where all of it lies. */
interface Content extends TocEntry {
  readonly chunks: readonly (TocChunk & { readonly end: number })[];
  readonly first: number;
  readonly end: number;
}

/** What is behind a piece is the next piece, of this content or another. */
function toContent(entry: TocEntry, bounds: Float64Array): readonly Content[] {
  const chunks = entry.chunks.map((chunk) => ({ ...chunk, end: boundAfter(bounds, chunk.start) }));
  const [first, last] = [chunks[0], chunks.at(-1)];
  return first && last ? [{ ...entry, chunks, first: first.start, end: last.end }] : [];
}

function boundAfter(bounds: Float64Array, start: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] as number) <= start) low = middle + 1;
    else high = middle;
  }
  return bounds[low] as number;
}

/** Where contents are read. */
interface Reading {
  readonly store: BlobStore;
  readonly name: string;
  /** For messages. */
  readonly what: string;
}

/** What lies together is asked for at once. */
async function* readContents(
  { store, name, what }: Reading,
  contents: readonly Content[],
): AsyncGenerator<Pick<TarEntry, 'position' | 'content'>> {
  for (const run of inRuns(contents.toSorted((one, other) => one.first - other.first))) {
    const start = (run[0] as Content).first;
    const bytes = store.readRange(name, { start, end: (run.at(-1) as Content).end })[Symbol.asyncIterator]();
    const input = streamInput({ [Symbol.asyncIterator]: () => bytes });
    try {
      for (const content of run)
        yield {
          position: content.position,
          content: () => readContent(content, input, { start, what }),
        };
    } finally {
      await bytes.return?.();
    }
  }
}

/** Bytes between two contents that are read rather than asked for apart: of what is wanted, and some more. */
const GAP_SHARE = 1 / 8;
const GAP_BYTES = 1024;

function* inRuns(contents: readonly Content[]): Generator<readonly Content[]> {
  let run: Content[] = [];
  for (const content of contents) {
    const [first, last] = [run[0], run.at(-1)];
    if (first && last && content.first - last.end > GAP_BYTES + (last.end - first.first) * GAP_SHARE) {
      yield run;
      run = [];
    }
    run.push(content);
  }
  if (run.length > 0) yield run;
}

/** @param input  of the bytes of the layer from `start` on, of which those before this content may be unread */
function readContent(
  { chunks, digest, name }: Content,
  input: TarInput,
  { start, what }: { readonly start: number; readonly what: string },
): AsyncGenerator<Uint8Array> {
  const said = `the file ${JSON.stringify(name)} in ${what}`;
  const isByPiece = chunks.every((chunk) => chunk.digest !== undefined);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) {
      await input.skip(chunk.start - start - input.position);
      const unpacked = unpackPiece(input.pieces(chunk.end - chunk.start), chunk, what);
      yield* isByPiece ? toItsEnd(checkDigest(unpacked, chunk.digest as string, said)) : unpacked;
    }
  }
  return isByPiece ? pieces() : toItsEnd(checkDigest(pieces(), digest as string, said));
}

async function* unpackPiece(
  packed: AsyncIterable<Uint8Array>,
  { skipBytes = 0, sizeBytes }: TocChunk,
  what: string,
): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const bytes of unpackLayer(packed, what)) {
    const wanted = bytes.subarray(Math.max(0, skipBytes - position), skipBytes + sizeBytes - position);
    position += bytes.length;
    if (wanted.length > 0) yield wanted;
    if (position >= skipBytes + sizeBytes) return;
  }
  throw new LayerFault('a content is shorter than its table of contents says');
}

/** Also where somebody wanted the beginning alone: what was not read to its end was not checked. */
async function* toItsEnd(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let next = await bytes.next(); !next.done; next = await bytes.next()) yield next.value;
  } finally {
    while (!(await bytes.next()).done);
  }
}
