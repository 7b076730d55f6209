import { ColumnTree } from './column-tree.js';
import type { ImageTree } from './image-tree.js';
import { FIELDS_PER_RECORD, parseRecord } from './listing-record.js';
import { TreeError } from './tree-error.js';

/**
 * Read what find prints with `LISTING_FORMAT` into a tree.
 *
 * @param chunks  the listing, cut anywhere; one record and one chunk are held at a time
 * @throws TreeError TREE_BAD_RECORD, TREE_CUT_SHORT, TREE_DUPLICATE_PATH, TREE_NO_ROOT
 */
export async function readListing(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ImageTree> {
  const tree = new ColumnTree();
  let rest: Uint8Array = new Uint8Array(0);
  let restOffset = 0;
  for await (const chunk of chunks) {
    const bytes = join(rest, chunk);
    const used = addRecords(tree, bytes, restOffset);
    // A copy, so that the chunk can go.
    rest = bytes.slice(used);
    restOffset += used;
  }
  if (rest.length > 0) {
    throw new TreeError(
      'TREE_CUT_SHORT',
      `the listing ends within record ${tree.size + 1}, which begins at byte ${restOffset}: find did not finish`,
    );
  }
  if (!tree.has('/')) {
    throw new TreeError(
      'TREE_NO_ROOT',
      `the listing of ${tree.size} entries lacks its own root: find failed`,
    );
  }
  return tree;
}

/** Add each whole record; returns the number of bytes they took. */
function addRecords(tree: ColumnTree, bytes: Uint8Array, offset: number): number {
  let start = 0;
  const ends: number[] = [];
  for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, end + 1)) {
    ends.push(end - start);
    if (ends.length < FIELDS_PER_RECORD) continue;
    const row = parseRecord(bytes.subarray(start, end + 1), ends);
    if (typeof row === 'string') {
      throw new TreeError(
        'TREE_BAD_RECORD',
        `unreadable ${row} in record ${tree.size + 1} at byte ${offset + start} of the listing: ` +
          'it must be made by GNU find with LISTING_FORMAT',
      );
    }
    tree.add(row);
    start = end + 1;
    ends.length = 0;
  }
  return start;
}

function join(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (rest.length === 0) return chunk;
  const joined = new Uint8Array(rest.length + chunk.length);
  joined.set(rest);
  joined.set(chunk, rest.length);
  return joined;
}
