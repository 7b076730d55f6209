import type { BlobStore } from '../../blobs/blob-store.js';
import { checkDigest } from '../../blobs/check-digest.js';
import { readTar, type TarEntry } from '../../tar/read-tar.js';
import { streamInput } from '../../tar/tar-input.js';
import { unpackLayer } from '../unpack-layer.js';
import { STARGZ_TOC_NAME } from './toc-end.js';
import type { TocPlace } from './toc-place.js';

/** A table of contents, as it stands. */
export interface Toc {
  /** JSON, whose digest was checked. */
  readonly text: Buffer;
  /** Where in the layer, as it is stored, it lies: no content is behind it. */
  readonly start: number;
  readonly end: number;
  /** The table as an entry of the tar that lies there; undefined where it is none. */
  readonly self: TarEntry | undefined;
}

/** More is not held: such a layer is read from front to end. It is one of some 300,000 entries. */
const TOC_BYTES_MAX = 64 * 1024 * 1024;

/**
 * Read the table of contents of a layer.
 *
 * @param what  for messages: "the layer sha256:… of FILE"
 * @returns undefined of one that is no such table, or too large
 * @throws SourceError SOURCE_BAD_DIGEST  it is not the one that the manifest names
 */
export async function readToc(
  store: BlobStore,
  layer: { readonly name: string; readonly toc: TocPlace },
  what: string,
): Promise<Toc | undefined> {
  const { name, toc } = layer;
  const said = `the table of contents of ${what}`;
  if (toc.kind === 'zstd-chunked') {
    if (toc.unpackedBytes > TOC_BYTES_MAX || toc.range.end - toc.range.start > TOC_BYTES_MAX)
      return undefined;
    const packed = checkDigest(store.readRange(name, toc.range), toc.digest, said);
    const text = await gather(unpackLayer(packed, said));
    return text && { text, ...toc.range, self: undefined };
  }
  const end = toc.layerBytes - FOOTER_BYTES;
  const start = startOf(await gather(store.readRange(name, { start: end, end: toc.layerBytes })));
  if (start === undefined || start >= end || end - start > TOC_BYTES_MAX) return undefined;
  const tar = unpackLayer(store.readRange(name, { start, end }), said);
  for await (const entry of readTar(streamInput(tar))) {
    if (entry.name !== STARGZ_TOC_NAME || entry.sizeBytes > TOC_BYTES_MAX) return undefined;
    const text = await gather(checkDigest(entry.content(), toc.digest, said));
    return text && { text, start, end, self: entry };
  }
  return undefined;
}

const FOOTER_BYTES = 51;

/** It is an empty member of gzip with a field of its own. @see stargz-snapshotter, docs/estargz.md, "Footer" */
function startOf(footer: Buffer | undefined): number | undefined {
  const field = footer?.toString('latin1', 12, 38) ?? '';
  const [, digits] = /^SG..([0-9a-f]{16})STARGZ$/s.exec(field) ?? [];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const gathered: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > TOC_BYTES_MAX) return undefined;
    gathered.push(Buffer.from(chunk));
  }
  return Buffer.concat(gathered);
}
