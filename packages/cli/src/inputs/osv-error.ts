/** The OSV service cannot be asked: nothing is wrong with the command line. */
export class OsvError extends Error {
  override readonly name = 'OsvError';
  readonly code = 'OSV_FAILED';
  readonly hint = 'Give records that you have with --osv FILE|DIR, or try again later.';
}
