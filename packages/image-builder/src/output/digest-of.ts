import { createHash } from 'node:crypto';

/** sha256:… of a text, or of bytes that are held. @see OCI image specification, "Digests" */
export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
