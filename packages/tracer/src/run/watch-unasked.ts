import type { Container, ImageConfig } from '@keepset/docker-engine';
import { readListening } from '../service/beside.js';
import { exposedPorts, healthCheckOf } from '../service/service.js';
import { TracerError } from '../tracer-error.js';
import { endSignal, pauseUntil } from './end-signal.js';

const POLL_SECONDS = 1;
/** A server that waits on a port which the image exposes is one beyond doubt. */
const EXPOSED_IDLE_SECONDS = 5;
/** One on another port may belong to a test that pauses. */
const LISTENING_IDLE_SECONDS = 20;
/** One that listens on nothing may be a worker, which waits for something to do. */
const WARNED_QUIET_SECONDS = 10;
/** What a sleeping program may use from one poll to the next, for timers and the like. */
const IDLE_SHARE_MAX = 0.005;
/** What one may use that looks for work each second, and starts a `sleep` in between. */
const QUIET_SHARE_MAX = 0.03;

/**
 * Watch a run that nobody asks anything, until it ends: a server would wait forever.
 *
 * @param container  with the toolbox in it
 * @param onWaiting  called once when it has used next to no processor for a while, and listens on no port
 * @throws TracerError SERVICE_UNASKED
 */
export async function watchUnasked(
  container: Container,
  config: ImageConfig,
  ended: Promise<number>,
  onWaiting: (quietSeconds: number) => void = () => {},
): Promise<void> {
  const signal = endSignal(ended);
  let used = 0;
  let idleSeconds = 0;
  let quietSeconds = 0;
  let hasWarned = false;
  /** What the question itself uses is not the command's. */
  const askListening = async () => {
    const listening = await readListening(container);
    used = (await container.processorNanoseconds()) ?? used;
    return listening;
  };
  while (await pauseUntil(signal, POLL_SECONDS)) {
    try {
      const now = await container.processorNanoseconds();
      // An engine that does not count shows no difference between a server and a program that works.
      if (now === undefined) return;
      const share = (now - used) / (POLL_SECONDS * 1e9);
      used = now;
      idleSeconds = share <= IDLE_SHARE_MAX ? idleSeconds + POLL_SECONDS : 0;
      quietSeconds = share <= QUIET_SHARE_MAX ? quietSeconds + POLL_SECONDS : 0;
      if (idleSeconds >= EXPOSED_IDLE_SECONDS) {
        const listening = await askListening();
        const exposed = exposedPorts(config).find((port) => listening.has(port));
        const [any] = listening;
        const port = exposed ?? (idleSeconds >= LISTENING_IDLE_SECONDS ? any : undefined);
        if (port !== undefined) throw unasked(port, config);
      }
      if (quietSeconds >= WARNED_QUIET_SECONDS && !hasWarned) {
        hasWarned = true;
        if ((await askListening()).size === 0) onWaiting(quietSeconds);
      }
    } catch (error) {
      // It may have ended between two questions.
      if (error instanceof TracerError || (await container.state()).isRunning) throw error;
      return;
    }
  }
}

function unasked(port: number, config: ImageConfig): TracerError {
  const healthCheck = healthCheckOf(config);
  const healthy = healthCheck === undefined ? '' : ', or await its HEALTHCHECK';
  return new TracerError(
    'SERVICE_UNASKED',
    `the command listens on port ${port} and waits: nothing asks it anything, and it does not end`,
    {
      facts: { port, ...(healthCheck && { healthCheck: healthCheck.join(' ') }) },
      hint: `Say what to ask of it (\`service\`)${healthy}; it is stopped afterwards.`,
    },
  );
}
