/** Why there is no deposit, or why it cannot be used; part of the API. */
export type ArchiveErrorCode =
  /** It is no deposit, is cut off, or has names or members that no deposit has. */
  | 'ARCHIVE_INVALID'
  /** Something of it is not what its checksums say. */
  | 'ARCHIVE_DAMAGED'
  /** The engine has not got the image of the manifest. */
  | 'ARCHIVE_NO_IMAGE'
  /** There is no such run, or none that can be run again. */
  | 'ARCHIVE_NO_RUN'
  /** A run does not end as the manifest says. */
  | 'ARCHIVE_RUN_DIFFERS'
  /** A run had a variable whose value a manifest does not tell. */
  | 'ARCHIVE_VARIABLE_MISSING'
  /** Something that is to go into it is missing, or cannot be there. */
  | 'ARCHIVE_BAD_INPUT'
  | 'ARCHIVE_NOT_WRITTEN';

/** The one error class of this package. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code: ArchiveErrorCode;
  /** What the caller can do about it; one sentence. */
  readonly hint: string | undefined;
  /** Lines that show what the message says. */
  readonly details: readonly string[];

  constructor(
    code: ArchiveErrorCode,
    message: string,
    options: { readonly hint?: string; readonly details?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }
}
