/** Why there is no result. */
export type ShrinkErrorCode =
  | 'CHECK_FAILED'
  | 'COMMAND_MISSING'
  | 'STEP_FAILED'
  | 'EXPECTATION_FAILED'
  | 'HARDENING_FAILED'
  | 'HARDENING_UNTRACED'
  | 'HEALTHCHECK_MISSING'
  | 'SOURCE_GONE'
  | 'SOURCES_DIFFER'
  | 'COMMAND_FAILED'
  | 'COMMAND_FLAKY'
  | 'RESULT_FLAKY'
  | 'COMMAND_NOT_FOUND'
  | 'COMMAND_NOT_EXECUTABLE'
  | 'OVER_SHRUNK'
  | 'NO_ENGINE'
  | 'NOT_RUN'
  | 'NOT_IN_SOURCE'
  | 'TRACE_FILE_INVALID'
  | 'TRACE_NOT_TRUSTED'
  | 'RECORDING_INVALID'
  | 'NOT_PUSHED'
  | 'TRACE_INCOMPLETE'
  | 'WRONG_ARCHITECTURE'
  | 'VERIFICATION_FAILED'
  | 'VERIFIED_IN_PART';

/** The one error class of this package. */
export class ShrinkError extends Error {
  override readonly name = 'ShrinkError';
  readonly code: ShrinkErrorCode;
  readonly hint: string | undefined;
  /** Lines that show what the message says. */
  readonly details: readonly string[];
  /** Numbers and names that the message is made of, for a caller who words it otherwise. */
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(
    code: ShrinkErrorCode,
    message: string,
    options: {
      readonly hint?: string;
      readonly details?: readonly string[];
      readonly facts?: Readonly<Record<string, string | number>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
    this.facts = options.facts ?? {};
  }
}
