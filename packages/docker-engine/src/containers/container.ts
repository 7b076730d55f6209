import type { Writable } from 'node:stream';
import type { ArchiveEntry, ArchiveFile } from './archive-entries.js';
import type { OutputChunk } from './multiplexed-output.js';

/** One container at the engine. It is removed when it is disposed of. */
export interface Container extends AsyncDisposable {
  readonly id: string;
  /** When the engine made it, in milliseconds since the epoch, by the engine's clock. */
  readonly createdMs: number;
  /** Attach before starting: nothing is lost then. */
  attach(options: { readonly stdin: boolean; readonly tty: boolean }): Promise<AttachedStreams>;
  /** @throws EngineError COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE, USER_NOT_FOUND, WRONG_ARCHITECTURE, … */
  start(): Promise<void>;
  /** Await the end of process 1. @returns its exit status (128 + N after signal N) */
  wait(): Promise<number>;
  /** @param signal  TERM, KILL, … */
  kill(signal: string): Promise<void>;
  /**
   * Ask process 1 to end by the stop signal of the container or its image, and kill it when it has not ended after the
   * grace time. One that has ended already is no error.
   */
  stop(graceSeconds: number): Promise<void>;
  /** Whether it runs, and where it can be reached. */
  state(): Promise<ContainerState>;
  /** Processor time of all its processes since it started, in nanoseconds; undefined where the engine does not count. */
  processorNanoseconds(): Promise<number | undefined>;
  /** Its weight beside other containers, of 2 to 262144; 1024 is the engine's default. @see docker-run(1), cpu-shares */
  setCpuShares(shares: number): Promise<void>;
  /** Start a further program in the running container. */
  exec(options: ExecOptions): Promise<ExecProcess>;
  /** Put small files into a folder of the container. */
  putFiles(folder: string, files: Iterable<ArchiveFile>): Promise<void>;
  /**
   * A file, or a folder with all below it, links not followed; undefined when it does not exist. What is returned must
   * be read.
   */
  getFiles(path: string): Promise<AsyncIterable<ArchiveEntry> | undefined>;
  /**
   * The same as getFiles, as the engine packs it; of a folder with `/.` behind it, its contents without its name. What is
   * returned must be read.
   *
   * @see Docker Engine API, "Get an archive of a filesystem resource in a container"
   */
  getArchive(path: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Unpack a tar into a folder of the container, or of a volume that it mounts; running or not. */
  putArchive(folder: string, tar: AsyncIterable<Uint8Array>): Promise<void>;
  /** What is at a path, links not followed; undefined when there is nothing. Cheaper than getFiles. */
  statPath(path: string): Promise<PathStat | undefined>;
  /** Paths that differ from the image. */
  changes(): Promise<readonly { readonly path: string; readonly kind: 'modified' | 'added' | 'deleted' }[]>;
}

/** What is at a path of a container. The engine does not name the owner. */
export interface PathStat {
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  /** Nine bits. */
  readonly permissions: number;
  readonly mtime: Date;
}

/** Whether a started container runs, and where it is reached. @see Docker Engine API, "Inspect a container" */
export interface ContainerState {
  readonly isRunning: boolean;
  /** Of process 1, where the engine is; undefined: there is none, or it is not told. */
  readonly processId: number | undefined;
  /** none, host, bridge, container:ID, or a network's name. */
  readonly networkMode: string;
  /** In its networks; not reachable from everywhere. */
  readonly addresses: readonly string[];
  /** Of the container (`80/tcp`), and where it is published. */
  readonly ports: readonly PublishedPort[];
}

/** A port of a container that can be reached at its engine. */
export interface PublishedPort {
  readonly port: number;
  readonly protocol: string;
  /** At the engine: an address to which it is bound, and the port there. */
  readonly hostAddress: string;
  readonly hostPort: number;
}

/** The streams of process 1. */
export interface AttachedStreams {
  /** Ends when the program's output ends. With a TTY all of it is `stdout`. */
  readonly output: AsyncIterable<OutputChunk>;
  readonly stdin?: Writable;
}

/** A further program for a running container. */
export interface ExecOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** NAME|UID[:GROUP|GID] Default: the container's. */
  readonly user?: string;
  /** NAME=value, besides the container's variables. */
  readonly env?: readonly string[];
  /** Its standard input, which ends with it. Default: none. */
  readonly stdin?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** A further program that was started. */
export interface ExecProcess {
  readonly output: AsyncIterable<OutputChunk>;
  /** To be called after the output has ended. */
  exitStatus(): Promise<number>;
}
