import type { Connection } from '../connection/open-connection.js';
import { toEngineError } from '../engine-error.js';

/** Remove a name, and the image when it was the last one. Absent, or in use by a container: nothing happens. */
export async function removeImage({ docker, session }: Connection, reference: string): Promise<void> {
  await session.outlastRestart(async () => {
    try {
      await docker.getImage(reference).remove();
    } catch (error) {
      const { statusCode } = error as { statusCode?: number };
      // 409: another session made the same image at the same time, and runs it.
      if (statusCode !== 404 && statusCode !== 409)
        throw toEngineError(error, `cannot remove image ${reference}`);
    }
  });
}
