import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { Session } from '../connection/session.js';
import type { AttachedStreams } from './container.js';
import { type OutputChunk, readMultiplexedOutput } from './multiplexed-output.js';

/** Which streams, as the container was created. */
export interface AttachOptions {
  readonly stdin: boolean;
  readonly tty: boolean;
  /** See `EngineDetails`. */
  readonly isDocker: boolean;
}

/** The streams of process 1. */
export async function attach(
  container: Docker.Container,
  { guard, untilAborted }: Session,
  { stdin, tty, isDocker }: AttachOptions,
): Promise<AttachedStreams> {
  const open = (streams: AttachQuery) =>
    guard('cannot attach to the container', () => openAttached(container, streams));
  // Podman closes a connection whose input nobody reads any more, before its output was read, and complains there.
  const inOne = isDocker || !stdin;
  const socket = await open({ stdin: stdin && inOne, stdout: true, stderr: true });
  untilAborted(socket);
  const input = stdin && !inOne ? await open({ stdin: true, stdout: false, stderr: false }) : socket;
  if (input !== socket) untilAborted(input.resume());
  return {
    output: tty ? asStdout(socket) : readMultiplexedOutput(socket),
    ...(stdin && { stdin: input }),
  };
}

/**
 * dockerode's own attach repeats its options as a body. Docker passes over that; Podman takes it for the first of the
 * program's standard input.
 */
function openAttached(container: Docker.Container, streams: AttachQuery): Promise<Duplex> {
  const request = {
    path: `/containers/${container.id}/attach?`,
    method: 'POST',
    headers: { 'Content-Type': 'text/plain' },
    file: Buffer.alloc(0),
    isStream: true,
    hijack: true,
    openStdin: streams.stdin,
    statusCodes: { 200: true, 404: 'no such container', 409: 'it cannot be prepared', 500: 'server error' },
    options: { _query: { stream: true, ...streams } },
  };
  return new Promise((resolve, reject) => {
    const { modem } = container as unknown as { modem: Modem };
    modem.dial(request, (error, socket) => (error ? reject(error) : resolve(socket)));
  });
}

interface AttachQuery {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** The part of docker-modem that dockerode's types leave out. */
interface Modem {
  dial(request: object, callback: (error: unknown, socket: Duplex) => void): void;
}

async function* asStdout(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  for await (const bytes of chunks) yield { stream: 'stdout', bytes };
}
