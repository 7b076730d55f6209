import type { Connection } from '../connection/open-connection.js';
import { toEngineError } from '../engine-error.js';

/** Remove a name, and the image when it was the last one. Absent: nothing happens. */
export async function removeImage({ docker, session }: Connection, reference: string): Promise<void> {
  await session.outlastRestart(async () => {
    try {
      await docker.getImage(reference).remove();
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 404)
        throw toEngineError(error, `cannot remove image ${reference}`);
    }
  });
}
