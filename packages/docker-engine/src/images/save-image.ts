import type { Readable } from 'node:stream';
import type { Connection } from '../connection/open-connection.js';

/**
 * An image as an archive: whole, so meant for small ones.
 *
 * @returns what `docker save` writes
 * @throws EngineError
 * @see Docker Engine API, "Export an image"
 */
export async function saveImage(
  { docker, session }: Connection,
  reference: string,
): Promise<AsyncIterable<Uint8Array>> {
  const stream = await session.guard(`cannot save the image ${reference}`, () =>
    docker.getImage(reference).get(),
  );
  session.untilAborted(stream as Readable);
  return stream as unknown as AsyncIterable<Uint8Array>;
}
