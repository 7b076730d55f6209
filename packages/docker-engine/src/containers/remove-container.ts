import type Docker from 'dockerode';
import type { Session } from '../connection/session.js';
import { toEngineError } from '../engine-error.js';

/** Remove a container with its anonymous volumes, running or not. Absent: nothing happens. */
export async function removeContainer(container: Docker.Container, session: Session): Promise<void> {
  await session.remove(container.id, async () => {
    try {
      await container.remove({ force: true, v: true });
    } catch (error) {
      // 404: gone already; 409: another removal is under way.
      const { statusCode } = error as { statusCode?: number };
      if (statusCode !== 404 && statusCode !== 409) throw toEngineError(error, 'cannot remove a container');
    }
  });
}
