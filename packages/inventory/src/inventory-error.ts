/** What is wrong with a question. */
export type InventoryErrorCode =
  /** A question that cannot be understood, or not be answered from a manifest. */
  'QUERY_INVALID';

/** The one error class of this package: reading an image never throws one. */
export class InventoryError extends Error {
  override readonly name = 'InventoryError';

  constructor(
    readonly code: InventoryErrorCode,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
