import type Docker from 'dockerode';
import type { Connection } from '../connection/open-connection.js';
import type { Session } from '../connection/session.js';
import { attach } from './attach.js';
import type { Container } from './container.js';
import { containerFiles } from './container-files.js';
import { toContainerState } from './container-state.js';
import { removeContainer } from './remove-container.js';
import { startProgram } from './start-program.js';

/** Of another client: disposing of it leaves it where it is. */
export function othersContainer(
  { docker, session, details: { isDocker } }: Connection,
  id: string,
): Omit<Container, 'createdMs'> {
  const container = toContainer(docker.getContainer(id), { createdMs: 0, isDocker }, session);
  return { ...container, async [Symbol.asyncDispose]() {} };
}

/** Our port over one container of dockerode's. */
export function toContainer(
  container: Docker.Container,
  { createdMs, isDocker }: { readonly createdMs: number; readonly isDocker: boolean },
  session: Session,
): Container {
  return {
    id: container.id,
    createdMs,
    attach: (options) => attach(container, session, { ...options, isDocker }),
    exec: (options) => startProgram(container, session, { ...options, isDocker }),
    ...containerLife(container, session),
    ...containerFiles(container, session),
    [Symbol.asyncDispose]: () => removeContainer(container, session),
  };
}

/** Its process 1, from start to end, and what that uses. */
function containerLife(
  container: Docker.Container,
  { guard }: Session,
): Pick<Container, 'start' | 'wait' | 'kill' | 'stop' | 'state' | 'processorNanoseconds' | 'setCpuShares'> {
  return {
    async start() {
      await guard('cannot start the container', () => container.start());
    },

    async wait() {
      const { StatusCode } = (await guard('cannot await the container', () => container.wait())) as {
        StatusCode: number;
      };
      return StatusCode;
    },

    async kill(signal) {
      await guard('cannot signal the container', () => container.kill({ signal }));
    },

    async stop(graceSeconds) {
      await guard('cannot stop the container', async () => {
        try {
          await container.stop({ t: graceSeconds });
        } catch (error) {
          // 304: it has ended already.
          if ((error as { statusCode?: number }).statusCode !== 304) throw error;
        }
      });
    },

    async state() {
      return toContainerState(await guard('cannot inspect the container', () => container.inspect()));
    },

    async processorNanoseconds() {
      const { cpu_stats } = await guard('cannot ask for the use of the container', () =>
        container.stats({ stream: false, 'one-shot': true }),
      );
      // Without control groups (rootless Podman on some machines) it says 0: a program that runs has used some.
      return cpu_stats?.cpu_usage?.total_usage || undefined;
    },

    async setCpuShares(shares) {
      await guard('cannot change the weight of the container', () => container.update({ CpuShares: shares }));
    },
  };
}
