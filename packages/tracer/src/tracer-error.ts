/** What went wrong with a traced run or a service; part of the API. */
export type TracerErrorCode =
  | 'TRACE_REFUSED'
  | 'TRACE_MISSING'
  | 'TRACE_UNWRITTEN'
  | 'TRACER_AWAITED'
  | 'SERVICE_ENDED'
  | 'SERVICE_NOT_READY'
  | 'SERVICE_UNASKED'
  | 'SERVICE_UNREACHABLE'
  | 'STEP_TOO_LONG';

/** The one error class of this package. */
export class TracerError extends Error {
  override readonly name = 'TracerError';
  readonly code: TracerErrorCode;
  /** What the caller can do about it; one sentence. */
  readonly hint: string | undefined;
  /** Numbers and names that the message is made of, for a caller who words it otherwise. */
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(
    code: TracerErrorCode,
    message: string,
    options: {
      readonly hint?: string;
      readonly facts?: Readonly<Record<string, string | number>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.facts = options.facts ?? {};
  }
}
