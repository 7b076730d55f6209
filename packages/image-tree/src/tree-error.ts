/** What is wrong with a listing. */
export type TreeErrorCode =
  /** A record of a listing has a field that cannot be read. */
  | 'TREE_BAD_RECORD'
  /** The listing ends within a record. */
  | 'TREE_CUT_SHORT'
  /** A path comes twice. */
  | 'TREE_DUPLICATE_PATH'
  /** The listing does not hold its own root: find failed, or listed something else. */
  | 'TREE_NO_ROOT';

/** A listing or list of entries that is no tree. The message names the record, the byte and the way out. */
export class TreeError extends Error {
  override readonly name = 'TreeError';

  constructor(
    readonly code: TreeErrorCode,
    message: string,
  ) {
    super(message);
  }
}
