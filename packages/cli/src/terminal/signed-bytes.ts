import { formatBytes } from './format-bytes.js';

/** What something grew by: +12 B, -3.4 kB; a question mark where it is not known. */
export function signedBytes(deltaBytes: number | undefined): string {
  if (deltaBytes === undefined) return '?';
  const sign = deltaBytes > 0 ? '+' : deltaBytes < 0 ? '-' : '';
  return `${sign}${formatBytes(Math.abs(deltaBytes))}`;
}
