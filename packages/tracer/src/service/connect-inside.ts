import { Duplex } from 'node:stream';
import { type Container, streamProgram } from '@keepset/docker-engine';
import { toolCommand } from '@keepset/toolbox';

/** The engine's client is not in its container's network, but bash is. @see bash(1), "REDIRECTION": /dev/tcp */
const ASK = 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf %s "$2" >&3 && shift 2 && exec "$@" <&3';
const HEADERS_END = '\r\n\r\n';

/**
 * A connection to a port of a container's own loopback address: also where no network reaches it. It carries one request
 * that ends with its headers, and the answer to it.
 *
 * @param container  running, with the toolbox in it, in the network of the one that is asked
 */
export function connectInside(container: Pick<Container, 'exec'>, port: number): Duplex {
  let request = '';
  let answer: AsyncIterator<Uint8Array> | undefined;
  let wants = false;
  const pump = async () => {
    if (answer === undefined || !wants) return;
    wants = false;
    const { done, value } = await answer.next();
    connection.push(done === true ? null : value);
  };
  const connection = new Duplex({
    write(bytes: Buffer, _, written) {
      request += bytes.toString('latin1');
      if (answer === undefined && request.endsWith(HEADERS_END)) {
        const words = ['-c', ASK, 'bash', `${port}`, request, ...toolCommand('cat')];
        answer = streamProgram(container, { command: toolCommand('bash', words), user: '0:0' });
        pump().catch((error: Error) => connection.destroy(error));
      }
      written();
    },
    read() {
      wants = true;
      pump().catch((error: Error) => connection.destroy(error));
    },
    destroy(error, destroyed) {
      void answer?.return?.().catch(() => {});
      destroyed(error);
    },
  });
  return connection;
}
