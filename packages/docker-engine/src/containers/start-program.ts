import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { Session } from '../connection/session.js';
import type { ExecOptions, ExecProcess } from './container.js';
import { readMultiplexedOutput } from './multiplexed-output.js';

/** The program, and whose engine it is. */
export interface ProgramOptions extends ExecOptions {
  /** See `EngineDetails`. */
  readonly isDocker: boolean;
}

/** Start a further program in a running container. */
export async function startProgram(
  container: Docker.Container,
  { guard, untilAborted }: Session,
  { command, user, env, stdin, isDocker }: ProgramOptions,
): Promise<ExecProcess> {
  const context = `cannot run ${programOf(command)} in the container`;
  const exec = await guard(context, () =>
    container.exec({
      Cmd: [...command],
      AttachStdin: stdin !== undefined,
      AttachStdout: true,
      AttachStderr: true,
      ...(user !== undefined && { User: user }),
      ...(env !== undefined && { Env: [...env] }),
    }),
  );
  const socket = await guard(context, () => exec.start({ hijack: true, stdin: stdin !== undefined }));
  untilAborted(socket);
  // Without input nothing is ended here: over TLS that is a message which an engine that cannot start the program
  // leaves unread, and then its complaint may never arrive.
  // A program that ends before it has read everything closes the socket: its exit status says so, not this error.
  if (stdin !== undefined) writeAll(socket, stdin).catch(() => socket.destroy());
  return {
    output: readMultiplexedOutput(isDocker ? socket : untilReset(socket)),
    async exitStatus() {
      const state = await guard(context, () => exec.inspect());
      return state.ExitCode ?? -1;
    },
  };
}

/** The name of what a command runs; a loader that is given its program stands before it. @see ld.so(8) */
function programOf(command: readonly string[]): string {
  const program = command.find((word) => /\/bin\/[^/]+$/.test(word)) ?? command[0] ?? 'a program';
  return program.slice(program.lastIndexOf('/') + 1);
}

/** With a reset, as the other side sees it, Podman ends a connection whose input a program left unread. */
const RESETS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

async function* untilReset(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    if (!RESETS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Write with back pressure, then close the writing half only. */
async function writeAll(
  socket: Duplex,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of chunks) {
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  socket.end();
}
