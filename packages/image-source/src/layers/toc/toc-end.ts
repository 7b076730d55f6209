/** The table of contents of an eStargz layer, which is a file in its tar. */
export const STARGZ_TOC_NAME = 'stargz.index.json';

/** Where the annotations of a descriptor say that a layer has a table of contents. */
export const TOC_KEYS = {
  stargzDigest: 'containerd.io/snapshot/stargz/toc.digest',
  chunkedChecksum: 'io.github.containers.zstd-chunked.manifest-checksum',
  chunkedPosition: 'io.github.containers.zstd-chunked.manifest-position',
  /** Read, and not written: by these Podman 4 would read a layer in parts, and leave out its times, pipes and devices. */
  olderChecksum: 'io.containers.zstd-chunked.manifest-checksum',
  olderPosition: 'io.containers.zstd-chunked.manifest-position',
  tarSplitPosition: 'io.github.containers.zstd-chunked.tarsplit-position',
} as const;

/** Without the two of each field of gzip's header: 'SG', and how long the rest is. */
const STARGZ_MARK = 'STARGZ';

/**
 * The end of an eStargz layer: an empty member of gzip with a field of its own, 51 bytes.
 *
 * @param start  where the table begins, in the layer as it is stored
 * @see stargz-snapshotter, docs/estargz.md, "Footer"
 * @example stargzFooter(1000).length // 51
 */
export function stargzFooter(start: number): Uint8Array {
  const field = Buffer.from(`SG\x16\0${start.toString(16).padStart(16, '0')}${STARGZ_MARK}`, 'latin1');
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, field.length, 0]);
  const emptyBlock = Buffer.from([1, 0, 0, 0xff, 0xff]);
  return Buffer.concat([head, field, emptyBlock, Buffer.alloc(8)]);
}

/** A text that is packed by zstd, beside a layer. */
export interface PackedText {
  readonly packed: Uint8Array;
  readonly unpackedBytes: number;
}

/** The end of a zstd:chunked layer, and what a descriptor says of it. */
export interface ChunkedEnd {
  readonly frames: readonly Uint8Array[];
  readonly annotations: Readonly<Record<string, string>>;
}

const FRAME_HEAD_BYTES = 8;
const CHUNKED_MARK = 'GNUlInUx';
/** How the table is written: as that of CRFS. */
const TABLE_TYPE = 1;

/**
 * The end of a zstd:chunked layer: its table, what a tar of its files is made of, and where both lie, each in a frame that others skip.
 *
 * @param start     of the first frame, in the layer as it is stored
 * @param checksum  sha256:… of the table, as it is packed
 * @see containers/storage, pkg/chunked/internal/minimal/compression.go, `WriteZstdChunkedManifest`
 * @example
 * const table = { packed: Buffer.alloc(30), unpackedBytes: 100 };
 * const end = chunkedEnd(1000, { table, tarSplit: table, checksum: 'sha256:0' });
 * end.annotations['io.github.containers.zstd-chunked.manifest-position'] // '1008:30:100:1'
 */
export function chunkedEnd(
  start: number,
  {
    table,
    tarSplit,
    checksum,
  }: { readonly table: PackedText; readonly tarSplit: PackedText; readonly checksum: string },
): ChunkedEnd {
  const tableStart = start + FRAME_HEAD_BYTES;
  const splitStart = tableStart + table.packed.length + FRAME_HEAD_BYTES;
  const footer = Buffer.alloc(64);
  const numbers = [
    tableStart,
    table.packed.length,
    table.unpackedBytes,
    TABLE_TYPE,
    splitStart,
    tarSplit.packed.length,
    tarSplit.unpackedBytes,
  ];
  for (const [index, number] of numbers.entries()) footer.writeBigUInt64LE(BigInt(number), 8 * index);
  footer.write(CHUNKED_MARK, 56, 'latin1');
  const position = [tableStart, table.packed.length, table.unpackedBytes, TABLE_TYPE].join(':');
  return {
    frames: [table.packed, tarSplit.packed, footer].flatMap((bytes) => [skippableHead(bytes.length), bytes]),
    annotations: {
      [TOC_KEYS.chunkedChecksum]: checksum,
      [TOC_KEYS.chunkedPosition]: position,
      [TOC_KEYS.tarSplitPosition]: [splitStart, tarSplit.packed.length, tarSplit.unpackedBytes].join(':'),
    },
  };
}

/** @see RFC 8878, "Skippable Frames" */
function skippableHead(sizeBytes: number): Uint8Array {
  const head = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
  head.writeUInt32LE(sizeBytes, 4);
  return head;
}
