/** What went wrong with a toolbox, or with what it was asked; part of the API. */
export type ToolboxErrorCode = 'TOOLBOX_UNAVAILABLE' | 'TOOLBOX_WRONG_ARCHITECTURE' | 'TOOLBOX_BAD_ANSWER';

/** The one error class of this package. */
export class ToolboxError extends Error {
  override readonly name = 'ToolboxError';
  readonly code: ToolboxErrorCode;
  /** What the caller can do about it; one sentence. */
  readonly hint: string | undefined;
  /** Numbers and names that the message is made of, for a caller who words it otherwise. */
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(
    code: ToolboxErrorCode,
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
