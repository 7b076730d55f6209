/** Why a manifest gives no answer. */
export type ManifestErrorCode = 'MANIFEST_INVALID' | 'NOTHING_TO_SAY' | 'SOURCES_DIFFER' | 'KEY_INVALID';

/** The one error class of this package. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code: ManifestErrorCode;
  /** The way out, where there is one. */
  readonly hint: string | undefined;

  constructor(
    code: ManifestErrorCode,
    message: string,
    options: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
