/** Why a question has no answer. */
export type StraceToolsErrorCode =
  /** A filter cannot be understood. */
  | 'FILTER_INVALID'
  /** The question is about times, and the log has none. */
  | 'TIMES_MISSING'
  /** This Node cannot do it. */
  | 'NODE_TOO_OLD'
  /** A file cannot be read, or not be unpacked: its cause says why. */
  | 'LOG_UNREADABLE'
  /** A log that another program than strace has written. */
  | 'LOG_FOREIGN'
  /** There is something already where a result is to be written. */
  | 'TARGET_EXISTS';

/** The one error class of this package. What a log holds never throws one, but a log of another program does. */
export class StraceToolsError extends Error {
  override readonly name = 'StraceToolsError';
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(
    readonly code: StraceToolsErrorCode,
    message: string,
    { hint, cause }: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.hint = hint;
  }
}
