import type { Content } from '@keepset/run-comparison';

/** Dates are not looked for in what is larger: it is held in memory twice. */
const DATED_BYTES_MAX = 4 * 1024 * 1024;

/** A content as a byte string. Undefined: it is too large for its dates to be looked for. */
export async function datedText({
  sizeBytes,
  read,
}: Pick<Content, 'sizeBytes' | 'read'>): Promise<string | undefined> {
  if (sizeBytes > DATED_BYTES_MAX) return undefined;
  return Buffer.concat(await Array.fromAsync(read())).toString('latin1');
}
