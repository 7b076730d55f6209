import { ColumnTree } from './column-tree.js';
import type { ImageTree } from './image-tree.js';
import { FIELDS_PER_RECORD, parseRecord } from './listing-record.js';
import { addEntry } from './to-tree.js';
import type { TreeEntry } from './tree-entry.js';
import { TreeError } from './tree-error.js';

/** What a listing has that the image has not, and the other way round. */
export interface ListingOptions {
  /**
   * Paths that are not the image's own and not to be read, such as the `/.dockerenv` that an engine puts into
   * every container. What is below them stays. Default none.
   */
  readonly omit?: ReadonlySet<string>;
  /** Entries that the listing lacks: what the image has where a running container shows the engine's mounts. Default none. */
  readonly add?: Iterable<TreeEntry>;
  /** When an entry was last changed, where its container shows another time: seconds since 1970. Default as listed. */
  readonly mtimeOf?: (entry: Pick<TreeEntry, 'type' | 'mtimeSeconds'> & { readonly path: string }) => number;
}

/**
 * Read what find prints with `LISTING_FORMAT` into a tree.
 *
 * A listing taken in a running container shows the engine's mounts (/dev, /proc, /etc/hosts, …) with their own
 * mode, size and inode in place of the image's.
 *
 * @param chunks  the listing, cut anywhere; one record and one chunk are held at a time
 * @throws TreeError TREE_BAD_RECORD, TREE_CUT_SHORT, TREE_DUPLICATE_PATH, TREE_NO_ROOT
 */
export async function readListing(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { omit = new Set(), add = [], mtimeOf }: ListingOptions = {},
): Promise<ImageTree> {
  const tree = new ColumnTree();
  let records = 0;
  /** Add each whole record; returns the number of bytes they took. */
  const addRecords = (bytes: Buffer, offset: number): number => {
    let start = 0;
    const ends: number[] = [];
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, end + 1)) {
      ends.push(end);
      if (ends.length < FIELDS_PER_RECORD) continue;
      const row = parseRecord(bytes, start, ends);
      records++;
      if (typeof row === 'string') throw badRecord(row, records, offset + start);
      const mtimeSeconds = mtimeOf?.(row) ?? row.mtimeSeconds;
      if (!omit.has(row.path)) tree.add(mtimeSeconds === row.mtimeSeconds ? row : { ...row, mtimeSeconds });
      start = end + 1;
      ends.length = 0;
    }
    return start;
  };
  let rest: Uint8Array = new Uint8Array(0);
  let restOffset = 0;
  for await (const chunk of chunks) {
    const bytes = toBuffer(join(rest, chunk));
    const used = addRecords(bytes, restOffset);
    // A copy, so that the chunk can go.
    rest = new Uint8Array(bytes.subarray(used));
    restOffset += used;
  }
  if (rest.length > 0) {
    throw new TreeError(
      'TREE_CUT_SHORT',
      `the listing ends within record ${records + 1}, which begins at byte ${restOffset}: find did not finish`,
    );
  }
  for (const entry of add) addEntry(tree, entry);
  if (!tree.has('/')) {
    throw new TreeError(
      'TREE_NO_ROOT',
      `the listing of ${tree.size} entries lacks its own root: find failed`,
    );
  }
  return tree;
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function join(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (rest.length === 0) return chunk;
  const joined = new Uint8Array(rest.length + chunk.length);
  joined.set(rest);
  joined.set(chunk, rest.length);
  return joined;
}

function badRecord(field: string, record: number, offset: number): TreeError {
  return new TreeError(
    'TREE_BAD_RECORD',
    `unreadable ${field} in record ${record} at byte ${offset} of the listing: ` +
      'it must be made by GNU find with LISTING_FORMAT',
  );
}
