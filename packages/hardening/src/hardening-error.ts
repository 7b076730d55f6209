/** What is wrong with rights; part of the API. */
export type HardeningErrorCode =
  | 'ARCHITECTURES_DIFFER'
  | 'ARCHITECTURE_UNKNOWN'
  | 'FAMILY_UNKNOWN'
  | 'RECORD_INVALID';

/** The one error class of this package. */
export class HardeningError extends Error {
  override readonly name = 'HardeningError';
  readonly code: HardeningErrorCode;
  readonly hint: string | undefined;

  constructor(
    code: HardeningErrorCode,
    message: string,
    options: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
