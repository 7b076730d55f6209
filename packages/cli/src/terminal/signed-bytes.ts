/** What something grew by: +12, -12, 0; a question mark where it is not known. */
export function signedBytes(deltaBytes: number | undefined): string {
  if (deltaBytes === undefined) return '?';
  return deltaBytes > 0 ? `+${deltaBytes}` : String(deltaBytes);
}
