/** Why a fleet cannot be planned, or why its record or its scheduler cannot be used; part of the API. */
export type FleetErrorCode =
  /** Two tasks would write under one name. */
  | 'FLEET_SAME_NAME'
  /** There is no such round, or no such place in it, or a file of the record is not what it should be. */
  | 'FLEET_RECORD_INVALID'
  /** The scheduler is not there, does not answer, or refuses. */
  | 'FLEET_SCHEDULER_FAILED';

/** The one error class of this package. */
export class FleetError extends Error {
  override readonly name = 'FleetError';
  readonly code: FleetErrorCode;
  /** What the caller can do about it; one sentence. */
  readonly hint: string | undefined;

  constructor(
    code: FleetErrorCode,
    message: string,
    options: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
