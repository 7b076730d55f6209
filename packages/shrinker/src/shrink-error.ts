export type ShrinkErrorCode =
  | 'AFFECTED'
  | 'CHECK_FAILED'
  | 'COMMAND_MISSING'
  | 'DIFFERENT'
  | 'STEP_FAILED'
  | 'EXPECTATION_FAILED'
  | 'HEALTHCHECK_MISSING'
  | 'SOURCE_GONE'
  | 'SOURCES_DIFFER'
  | 'COMMAND_FAILED'
  | 'COMMAND_NOT_FOUND'
  | 'COMMAND_NOT_EXECUTABLE'
  | 'LOCKED_DRIFT'
  | 'MANIFEST_INVALID'
  | 'OVER_SHRUNK'
  | 'NOT_IN_SOURCE'
  | 'NOTHING_TO_SAY'
  | 'TRACE_FILE_INVALID'
  | 'NOT_PUSHED'
  | 'OSV_FAILED'
  | 'TRACE_INCOMPLETE'
  | 'WRONG_ARCHITECTURE'
  | 'VERIFICATION_FAILED';

/** The one error class of this package. */
export class ShrinkError extends Error {
  override readonly name = 'ShrinkError';
  readonly code: ShrinkErrorCode;
  readonly hint: string | undefined;
  /** Lines that show what the message says. */
  readonly details: readonly string[];

  constructor(
    code: ShrinkErrorCode,
    message: string,
    options: { hint?: string; details?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }
}
