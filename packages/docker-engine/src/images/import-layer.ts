import type { Connection } from '../connection/open-connection.js';
import { sendArchive } from './send-archive.js';

/**
 * Make an image of a layer alone.
 *
 * @returns its id
 * @see Docker Engine API, "Create an image", `fromSrc`
 */
export async function importLayer(
  { docker, session }: Connection,
  tar: AsyncIterable<Uint8Array>,
): Promise<string> {
  return await sendArchive(session, tar, {
    context: 'the engine could not take the layer',
    send: (stream) => docker.importImage(stream, {}),
    findId: ({ status }) => /^sha256:[0-9a-f]{64}$/.exec(status ?? '')?.[0],
  });
}
