import type { Connection } from '../connection/open-connection.js';
import { sendArchive } from './send-archive.js';

/**
 * Load a docker archive of one image without a name.
 *
 * @returns the id that the engine gave it
 * @see Docker Engine API, "Import images"
 */
export async function loadImage(
  { docker, session }: Connection,
  archive: AsyncIterable<Uint8Array>,
): Promise<string> {
  return await sendArchive(session, archive, {
    context: 'the engine could not load the image',
    send: (stream) => docker.loadImage(stream),
    findId: ({ stream }) => /Loaded image(?: ID)?: (sha256:[0-9a-f]{64})/.exec(stream ?? '')?.[1],
  });
}
