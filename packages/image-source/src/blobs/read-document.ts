import { SourceError } from '../source-error.js';
import { checkDigest } from './check-digest.js';

/** Registries take no manifest of more. @see OCI distribution specification, "Pushing Manifests" */
const DOCUMENT_BYTES_MAX = 8 * 1024 * 1024;

/** A JSON object of somebody, and its text, byte for byte. */
export interface Document {
  readonly text: Buffer;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Read a manifest, an index or a configuration.
 *
 * @param digest  undefined where nothing says what it shall be
 * @throws SourceError SOURCE_BAD_METADATA, SOURCE_BAD_DIGEST
 */
export async function readDocument(
  chunks: AsyncIterable<Uint8Array>,
  what: string,
  digest?: string,
): Promise<Document> {
  const text = await gather(digest === undefined ? chunks : checkDigest(chunks, digest, what), what);
  return { text, value: toObject(parseJson(text, what), what) };
}

/** @throws SourceError SOURCE_BAD_METADATA  it is more than a document can be */
export async function gather(chunks: AsyncIterable<Uint8Array>, what: string): Promise<Buffer> {
  const gathered: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > DOCUMENT_BYTES_MAX)
      throw new SourceError('SOURCE_BAD_METADATA', `${what} is longer than ${DOCUMENT_BYTES_MAX} bytes`);
    gathered.push(Buffer.from(chunk));
  }
  return Buffer.concat(gathered);
}

export function parseJson(text: Buffer, what: string): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch (cause) {
    throw new SourceError('SOURCE_BAD_METADATA', `${what} is not JSON`, { cause });
  }
}

export function toObject(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new SourceError('SOURCE_BAD_METADATA', `${what} is no JSON object`);
}

/** @returns none where there is no such list */
export function toList(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new SourceError('SOURCE_BAD_METADATA', `${what} is no list`);
}
