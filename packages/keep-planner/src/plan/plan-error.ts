/** Why there is no plan. */
export type PlanErrorCode =
  /** A line of a keep list is no absolute path. */
  | 'PLAN_BAD_KEEP_LIST'
  /** A pattern cannot be read. */
  | 'PLAN_BAD_PATTERN'
  /** A pattern of what to drop names a file that a run opened. */
  | 'PLAN_DROP_NEEDED'
  /** A locked keep list names a path that the image lacks. */
  | 'PLAN_LOCKED_MISSING'
  /** With `secrets: 'fail'`, a kept file looks like a secret. */
  | 'PLAN_SECRET'
  /** The port gave fewer or more answers than it was asked for. */
  | 'PLAN_BAD_SOURCE';

/** What the caller asked for cannot be planned. The message names the value, the place and the way out. */
export class PlanError extends Error {
  override readonly name = 'PlanError';

  constructor(
    readonly code: PlanErrorCode,
    message: string,
  ) {
    super(message);
  }
}
