import type { BlobStore } from '../blobs/blob-store.js';
import { checkDigest } from '../blobs/check-digest.js';
import { SourceError } from '../source-error.js';
import { readTar, type TarEntry } from '../tar/read-tar.js';
import { TarFault } from '../tar/tar-fault.js';
import { streamInput } from '../tar/tar-input.js';
import { LayerFault } from './layer-fault.js';
import type { TocPlace } from './toc/toc-place.js';
import { requireMeant, unpackLayer } from './unpack-layer.js';

/** A layer, and what its bytes shall be. */
export interface LayerFacts {
  /** In the store. */
  readonly name: string;
  /** Of the bytes as they lie there; undefined where only the unpacked ones have a digest. */
  readonly digest: string | undefined;
  /** Of the unpacked tar. */
  readonly diffId: string;
  /** Where it has a table of contents, as the manifest says. */
  readonly toc?: TocPlace | undefined;
}

/**
 * The entries of a layer, each byte of which is held against both digests: also those that nobody asked for, so it is
 * always read to its end.
 *
 * @param keep  what the unpacked layer passes through
 * @throws SourceError SOURCE_BAD_LAYER, SOURCE_BAD_DIGEST, SOURCE_TOO_LARGE, SOURCE_NOT_FOUND
 */
export async function* readLayer(
  store: BlobStore,
  layer: LayerFacts,
  keep = (tar: AsyncGenerator<Uint8Array>) => tar,
): AsyncGenerator<TarEntry> {
  const what = nameOf(layer, store);
  const packed = store.read(layer.name);
  const checked = layer.digest === undefined ? packed : checkDigest(packed, layer.digest, what);
  const unpacked = unpackLayer(checked, what);
  const isPlain = layer.digest === layer.diffId;
  const tar = keep(isPlain ? unpacked : checkDigest(unpacked, layer.diffId, `${what}, unpacked,`));
  const input = streamInput(tar);
  try {
    let sizeBytes = 0;
    // Holes take no room in a tar. Before any content is read, all entries were listed.
    for await (const entry of readTar(input)) {
      requireMeant(sizeBytes, entry.position, what);
      sizeBytes += entry.sizeBytes;
      yield entry;
    }
    requireMeant(sizeBytes, input.position, what);
    // Behind the end mark.
    for await (const _ of tar);
  } catch (error) {
    throw explain(error, what);
  } finally {
    await tar.return(undefined);
  }
}

/** For messages. */
export function nameOf({ digest, diffId }: LayerFacts, { place }: Pick<BlobStore, 'place'>): string {
  return `the layer ${digest ?? diffId} of ${place}`;
}

/** What is wrong with a layer, said of the layer. */
export function explain(error: unknown, what: string): unknown {
  if (!(error instanceof TarFault || error instanceof LayerFault)) return error;
  return new SourceError('SOURCE_BAD_LAYER', `${what}: ${error.message}`, {
    hint: 'It is damaged, or made so that readers disagree: fetch it again, or ask who made it.',
    cause: error,
  });
}

/** What a content is found to be while it is read is thrown by it, not by the layer's reader. */
export async function* explainContent(
  content: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    throw explain(error, what);
  }
}
