export type TracerErrorCode =
  | 'TRACE_REFUSED'
  | 'TRACE_MISSING'
  | 'SERVICE_ENDED'
  | 'SERVICE_NOT_READY'
  | 'SERVICE_UNASKED'
  | 'SERVICE_UNREACHABLE'
  | 'STEP_TOO_LONG';

/** The one error class of this package. */
export class TracerError extends Error {
  override readonly name = 'TracerError';
  readonly code: TracerErrorCode;
  readonly hint: string | undefined;

  constructor(code: TracerErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
