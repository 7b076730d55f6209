import type { ByteRange } from '@keepset/docker-engine';
import type { Descriptor } from '../../blobs/descriptor.js';
import { TOC_KEYS } from './toc-end.js';

/** Where a layer has its table of contents, and what that shall be: as the annotations of its descriptor say. */
export type TocPlace = {
  /** sha256:… of the table: unpacked in eStargz, packed in zstd:chunked. */
  readonly digest: string;
  /** Of the layer, as it is stored. */
  readonly layerBytes: number;
} & (
  | { readonly kind: 'stargz' }
  | { readonly kind: 'zstd-chunked'; readonly range: ByteRange; readonly unpackedBytes: number }
);

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Of the table, its size packed and unpacked, and how it is packed: 1 is zstd. */
const POSITION = /^([0-9]{1,15}):([0-9]{1,15}):([0-9]{1,15}):1$/;

/**
 * @returns undefined of a layer that has none, or none that is read here: it can be read from front to end
 * @see containerd/stargz-snapshotter, docs/estargz.md; containers/storage, pkg/chunked/internal, "ManifestInfoKey"
 */
export function tocPlaceOf(
  { annotations }: { readonly annotations?: unknown },
  { sizeBytes: layerBytes }: Pick<Descriptor, 'sizeBytes'>,
): TocPlace | undefined {
  const said = new Map(Object.entries((annotations ?? {}) as Readonly<Record<string, unknown>>));
  const textOf = (key: string) => String(said.get(key) ?? '');
  const stargz = textOf(TOC_KEYS.stargzDigest);
  if (DIGEST.test(stargz) && layerBytes > 0) return { kind: 'stargz', digest: stargz, layerBytes };
  const digest = textOf(TOC_KEYS.chunkedChecksum) || textOf(TOC_KEYS.olderChecksum);
  const position = textOf(TOC_KEYS.chunkedPosition) || textOf(TOC_KEYS.olderPosition);
  const [start, sizeBytes, unpackedBytes] = (POSITION.exec(position) ?? []).slice(1).map(Number);
  if (!DIGEST.test(digest) || start === undefined || sizeBytes === undefined || unpackedBytes === undefined)
    return undefined;
  const range = { start, end: start + sizeBytes };
  if (range.end > layerBytes) return undefined;
  return { kind: 'zstd-chunked', digest, layerBytes, range, unpackedBytes };
}
