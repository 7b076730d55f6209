/** An input that cannot be understood. */
export class ActionError extends Error {
  override readonly name = 'ActionError';

  /** @param hint  the way out */
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}
