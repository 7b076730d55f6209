import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type Duplex, Readable } from 'node:stream';
import type Docker from 'dockerode';
import { packArchive, readArchiveEntries } from './archive-entries.js';
import type { Container, PathStat, PublishedPort } from './engine.js';
import { toEngineError } from './engine-error.js';
import { type OutputChunk, readMultiplexedOutput } from './multiplexed-output.js';
import type { Session } from './session.js';

/** Our port over one container of dockerode's. */
export function toContainer(
  container: Docker.Container,
  { createdMs, isDocker }: { readonly createdMs: number; readonly isDocker: boolean },
  session: Session,
): Container {
  const { guard, untilAborted } = session;
  return {
    id: container.id,
    createdMs,

    async attach({ stdin, tty }) {
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
    },

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
      const { State, HostConfig, NetworkSettings } = await guard('cannot inspect the container', () =>
        container.inspect(),
      );
      const networks = Object.values(NetworkSettings.Networks ?? {});
      return {
        isRunning: State.Running,
        networkMode: HostConfig.NetworkMode ?? 'default',
        addresses: networks.flatMap(({ IPAddress }) => (IPAddress ? [IPAddress] : [])),
        ports: Object.entries(NetworkSettings.Ports ?? {}).flatMap(([name, bindings]) =>
          toPublishedPorts(name, bindings ?? []),
        ),
      };
    },

    async processorNanoseconds() {
      const { cpu_stats } = await guard('cannot ask for the use of the container', () =>
        container.stats({ stream: false, 'one-shot': true }),
      );
      // Without control groups (rootless Podman on some machines) it tells 0: a program that runs has used some.
      return cpu_stats?.cpu_usage?.total_usage || undefined;
    },

    async setCpuShares(shares) {
      await guard('cannot change the weight of the container', () => container.update({ CpuShares: shares }));
    },

    async exec({ command, user, env, stdin }) {
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
      // A program that ends before it has read everything closes the socket: its exit status tells, not this error.
      if (stdin !== undefined) writeAll(socket, stdin).catch(() => socket.destroy());
      return {
        output: readMultiplexedOutput(isDocker ? socket : untilReset(socket)),
        async exitStatus() {
          const state = await guard(context, () => exec.inspect());
          return state.ExitCode ?? -1;
        },
      };
    },

    async putFiles(folder, files) {
      const tar = await packArchive(files);
      await guard('cannot copy files into the container', () =>
        container.putArchive(Readable.from([tar], { objectMode: false }), { path: folder }),
      );
    },

    async getFiles(path) {
      try {
        const stream = (await guard(`cannot copy ${path} from the container`, () =>
          container.getArchive({ path }),
        )) as Readable;
        untilAborted(stream);
        return readArchiveEntries(stream);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    async statPath(path) {
      try {
        const answer = await guard(`cannot look at ${path} in the container`, () =>
          container.infoArchive({ path }),
        );
        return toPathStat(answer as unknown as IncomingMessage);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    async changes() {
      const kinds = ['modified', 'added', 'deleted'] as const;
      const list = (await guard('cannot list the changes of the container', () =>
        container.changes(),
      )) as unknown;
      // The engine says `null` where nothing changed, and dockerode makes an empty object of it.
      const changes = Array.isArray(list) ? (list as { Path: string; Kind: 0 | 1 | 2 }[]) : [];
      return changes.map(({ Path, Kind }) => ({ path: Path, kind: kinds[Kind] }));
    },

    async [Symbol.asyncDispose]() {
      await session.remove(container.id, async () => {
        try {
          await container.remove({ force: true, v: true });
        } catch (error) {
          // 404: gone already; 409: another removal is under way.
          const { statusCode } = error as { statusCode?: number };
          if (statusCode !== 404 && statusCode !== 409)
            throw toEngineError(error, 'cannot remove a container');
        }
      });
    },
  };
}

function toPublishedPorts(
  name: string,
  bindings: readonly { readonly HostIp?: string; readonly HostPort?: string }[],
): readonly PublishedPort[] {
  const [port = '', protocol = 'tcp'] = name.split('/');
  return bindings.map(({ HostIp = '', HostPort = '' }) => ({
    port: Number(port),
    protocol,
    hostAddress: HostIp,
    hostPort: Number(HostPort),
  }));
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

/** The name of what a command runs; a loader that is given its program stands before it. @see ld.so(8) */
function programOf(command: readonly string[]): string {
  const program = command.find((word) => /\/bin\/[^/]+$/.test(word)) ?? command[0] ?? 'a program';
  return program.slice(program.lastIndexOf('/') + 1);
}

async function* asStdout(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<OutputChunk> {
  for await (const bytes of chunks) yield { stream: 'stdout', bytes };
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

// Bits of Go's FileMode, which is not the kernel's. @see https://pkg.go.dev/io/fs#FileMode
const GO_MODE_DIRECTORY = 2 ** 31;
const GO_MODE_SYMLINK = 2 ** 27;

/** @see Docker Engine API, "Get information about files in a container": a header holds base64 of JSON */
function toPathStat(answer: IncomingMessage): PathStat {
  answer.resume();
  const header = String(answer.headers['x-docker-container-path-stat'] ?? '');
  const { mode, mtime } = JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as {
    mode: number;
    mtime: string;
  };
  const has = (bit: number) => Math.floor(mode / bit) % 2 === 1;
  return {
    isDirectory: has(GO_MODE_DIRECTORY),
    isSymlink: has(GO_MODE_SYMLINK),
    permissions: mode % 0o1000,
    mtime: new Date(mtime),
  };
}

export function isNotFound(error: unknown): boolean {
  return ((error as { cause?: { statusCode?: number } }).cause?.statusCode ?? 0) === 404;
}
