/** Why an image could not be built or written; part of the API. */
export type BuildErrorCode =
  | 'BUILD_NOTHING_KEPT'
  | 'BUILD_PATHS_MISSING'
  | 'BUILD_PATHS_NOT_REAL'
  | 'BUILD_TRUNCATED'
  | 'BUILD_NO_SPACE'
  | 'BUILD_BAD_CHANGE'
  | 'BUILD_OUTPUT_FAILED'
  | 'BUILD_SAME_PLATFORM'
  | 'BUILD_NO_INSTRUCTION'
  | 'BUILD_NOT_REMOVED';

/** The one error class of this package. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
  readonly code: BuildErrorCode;
  /** What the caller can do about it; one sentence. */
  readonly hint: string | undefined;
  /** Numbers and names that the message is made of, for a caller who words it otherwise. */
  readonly facts: Readonly<Record<string, string | number>>;
  /** All the paths that it is about, byte strings; the message may have room for some only. */
  readonly paths: readonly string[];

  constructor(
    code: BuildErrorCode,
    message: string,
    options: {
      readonly hint?: string;
      readonly facts?: Readonly<Record<string, string | number>>;
      readonly paths?: readonly string[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.facts = options.facts ?? {};
    this.paths = options.paths ?? [];
  }
}
