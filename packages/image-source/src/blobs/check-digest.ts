import { createHash } from 'node:crypto';
import { SourceError } from '../source-error.js';

/** sha256 and sha512 are all that the specification registers. */
const DIGEST = /^(?:(sha256):[0-9a-f]{64}|(sha512):[0-9a-f]{128})$/;

/** @throws SourceError SOURCE_BAD_METADATA  it is no digest that can be checked */
export function requireDigest(text: unknown, where: string): string {
  if (typeof text === 'string' && DIGEST.test(text)) return text;
  throw new SourceError(
    'SOURCE_BAD_METADATA',
    `${where} names ${JSON.stringify(text)?.slice(0, 100)} as a digest`,
  );
}

/** sha256:… of a document. */
export function digestOf(text: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * Let bytes through, unchanged and unheld, and compare them with their digest when they end.
 *
 * @param digest  as `requireDigest` gives it
 * @param what    for the message: "layer 3 of FILE"
 * @throws SourceError SOURCE_BAD_DIGEST  at the end; of what came before nothing is to be believed then
 */
export async function* checkDigest(
  chunks: AsyncIterable<Uint8Array>,
  digest: string,
  what: string,
): AsyncGenerator<Uint8Array> {
  const [algorithm = ''] = digest.split(':');
  const hash = createHash(algorithm);
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    sizeBytes += chunk.length;
    yield chunk;
  }
  const found = `${algorithm}:${hash.digest('hex')}`;
  if (found === digest) return;
  throw new SourceError(
    'SOURCE_BAD_DIGEST',
    `${what} is not ${digest}: its ${sizeBytes} bytes are ${found}`,
    {
      hint: 'It was damaged or changed: fetch or write it again.',
    },
  );
}
