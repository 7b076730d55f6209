/** What a caller or a reader did wrong. */
export type ResolveErrorCode =
  /** A request's path or root does not begin with `/`. */
  | 'RESOLVE_NOT_ABSOLUTE'
  /** The reader gave fewer or more answers than it was asked for. */
  | 'RESOLVE_BAD_READER'
  /** Something of this machine may not be looked at, or is no folder. */
  | 'RESOLVE_UNREADABLE';

/** A mistake of the caller or of the reader; what a path lacks is never an error but a Resolution's `failure`. */
export class ResolveError extends Error {
  override readonly name = 'ResolveError';

  constructor(
    readonly code: ResolveErrorCode,
    message: string,
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
  }
}
