import type { IncomingMessage } from 'node:http';
import { badAnswer, noAnswer } from './registry-fault.js';

/** Registries take no manifest of more. @see OCI distribution specification, "Pushing Manifests" */
const DOCUMENT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * The whole of a manifest, or of a list.
 *
 * @param what  manifest 1.0 of NAME
 * @throws EngineError REGISTRY_UNREACHABLE, REGISTRY_BAD_ANSWER
 */
export async function gatherAnswer(answer: IncomingMessage, registry: string, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > DOCUMENT_BYTES_MAX)
        throw badAnswer(registry, `more than ${DOCUMENT_BYTES_MAX} bytes for the ${what}`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw noAnswer(registry, cause);
  }
  return Buffer.concat(chunks);
}
