/** Why an image could not be opened or read; part of the API. */
export type SourceErrorCode =
  /** A name that no grammar of ours knows. */
  | 'SOURCE_BAD_REFERENCE'
  /** No such file, folder, image or blob. */
  | 'SOURCE_NOT_FOUND'
  /** What is there is no image. */
  | 'SOURCE_NO_IMAGE'
  /** There are several images, and none was named. */
  | 'SOURCE_AMBIGUOUS'
  /** A manifest, index or configuration that cannot be read. */
  | 'SOURCE_BAD_METADATA'
  /** Bytes that are not those that their digest names. */
  | 'SOURCE_BAD_DIGEST'
  /** A layer that is cut short, is no tar, or names what no layer may. */
  | 'SOURCE_BAD_LAYER'
  /** A layer that unpacks to more than any that somebody meant. */
  | 'SOURCE_TOO_LARGE'
  /** The disk of this machine is full. */
  | 'SOURCE_NO_SPACE'
  /** This version of Node.js cannot unpack it. */
  | 'SOURCE_UNSUPPORTED';

/** The one error class of this package: a stable code, one sentence, and the way out. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  /** What the caller can do about it; one sentence. */
  readonly hint: string | undefined;

  constructor(
    code: SourceErrorCode,
    message: string,
    options: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
