import type { Writable } from 'node:stream';
import type { ArchiveEntry, ArchiveFile } from './archive-entries.js';
import type { ContainerConfig } from './container-config.js';
import type { OutputChunk } from './multiplexed-output.js';
import type { ProgressRecord } from './progress-records.js';
import type { Registry } from './registry.js';

/** What the rest of keepset asks of an engine. Every method throws EngineError, and INTERRUPTED once the signal given to `connectEngine` is aborted. */
export interface Engine extends AsyncDisposable {
  readonly details: EngineDetails;
  /** What it tells of itself and its machine. */
  information(): Promise<EngineInformation>;
  /** Undefined when the engine has no such image. */
  inspectImage(reference: string): Promise<ImageDetails | undefined>;
  /** Fetch from the registry. @throws EngineError IMAGE_NOT_FOUND */
  pullImage(
    reference: string,
    options?: { platform?: string; onProgress?: (record: ProgressRecord) => void },
  ): Promise<void>;
  /**
   * Send an image to the registry that its name says.
   *
   * @returns sha256:… of the manifest, by which the registry knows it
   * @throws EngineError PUSH_FAILED
   */
  pushImage(tag: { readonly repository: string; readonly tag: string }): Promise<string>;
  /**
   * The repository of an image at its registry, with the credentials that pushes have.
   *
   * @throws EngineError CREDENTIALS_UNREADABLE
   */
  openRegistry(repository: string): Promise<Registry>;
  /**
   * Load a docker archive of one image without a name. A layer that the engine has need not be in it (see
   * `layersByDiffId`).
   *
   * @returns the id that the engine gave it
   */
  loadImage(archive: AsyncIterable<Uint8Array>): Promise<string>;
  /**
   * Make an image of a layer alone, without a name or a configuration worth having. The engine unpacks the tar as it
   * comes and keeps nothing besides.
   *
   * @returns its id
   */
  importLayer(tar: AsyncIterable<Uint8Array>): Promise<string>;
  /**
   * Build from a context with a Dockerfile.
   *
   * @returns the id
   */
  buildImage(
    context: Iterable<ArchiveFile>,
    options?: {
      tag?: string;
      buildArguments?: Readonly<Record<string, string>>;
      /** When it fails, remove what its finished steps left: for steps that no other build can have. Default false. */
      discardSteps?: boolean;
    },
  ): Promise<string>;
  tagImage(id: string, tag: { readonly repository: string; readonly tag: string }): Promise<void>;
  /** Remove a name, and the image when it was the last one. Absent: nothing happens. */
  removeImage(reference: string): Promise<void>;
  /** The container is removed, with its anonymous volumes, when it is disposed of, at the latest with the engine. */
  createContainer(config: ContainerConfig, role: string): Promise<Container>;
  /** Make a named volume of keepset's; it stays. The same name twice is the same volume. */
  ensureVolume(name: string): Promise<void>;
  /** Absent: nothing happens. */
  removeVolume(name: string): Promise<void>;
  /**
   * Remove what an interrupted keepset left: containers, anonymous volumes, toolbox volumes, unnamed images.
   *
   * @param options  with a role: only containers and volumes of that role
   * @returns what was removed
   */
  prune(options?: { readonly role?: string }): Promise<readonly string[]>;
}

export interface EngineDetails {
  /** Where it listens, as in DOCKER_HOST. */
  readonly address: string;
  /** The name or address of its machine, under which published ports are reached: 127.0.0.1 where it is this one. */
  readonly host: string;
  readonly version: string;
  /** Docker itself, and no other engine that speaks its API. */
  readonly isDocker: boolean;
  readonly apiVersion: string;
  /** In the registry's words: linux */
  readonly os: string;
  /** In the registry's words: amd64, arm64 */
  readonly architecture: string;
}

/** The part of the engine's own account that says whether keepset can work there. @see docker info */
export interface EngineInformation {
  /** overlay2, btrfs, vfs, …; of the containerd store the name of its snapshotter. */
  readonly storageDriver: string;
  /** On the engine's machine. */
  readonly dataRoot: string;
  readonly kernelVersion: string;
  readonly operatingSystem: string;
  readonly cgroupVersion: string;
  /** name=seccomp,profile=…, name=apparmor, name=rootless, … */
  readonly securityOptions: readonly string[];
  readonly processors: number;
  readonly memoryBytes: number;
}

/** One image as the engine describes it. */
export interface ImageDetails {
  /** sha256:… of the configuration (or of the manifest, with the containerd store). */
  readonly id: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly os: string;
  readonly osVersion?: string;
  readonly author?: string;
  /** ISO 8601 */
  readonly created: string;
  readonly sizeBytes: number;
  /** sha256:… of each layer, uncompressed, the lowest first. */
  readonly diffIds: readonly string[];
  /**
   * Its engine keeps layers by diff id, so that an archive may name one that is there instead of carrying it: true of
   * Docker's graph drivers, not of the containerd store, nor of Podman.
   */
  readonly layersByDiffId: boolean;
  /** Names and digests under which it is known. */
  readonly tags: readonly string[];
  readonly repositoryDigests: readonly string[];
  /** The configuration whole, as it goes into a result. */
  readonly config: ImageConfig;
}

/** @see OCI image specification, "Image Configuration", `config`; unknown keys are carried along */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[] | null;
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly Volumes?: Readonly<Record<string, unknown>> | null;
  readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  readonly Healthcheck?: { readonly Test?: readonly string[] } | null;
  readonly [key: string]: unknown;
}

export interface Container extends AsyncDisposable {
  readonly id: string;
  /** When the engine made it, in milliseconds since the epoch, by the engine's clock. */
  readonly createdMs: number;
  /** Attach before starting: nothing is lost then. */
  attach(options: { readonly stdin: boolean; readonly tty: boolean }): Promise<AttachedStreams>;
  start(): Promise<void>;
  /** Await the end of process 1. @returns its exit status (128 + N after signal N) */
  wait(): Promise<number>;
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
  /** Its weight beside other containers. @see docker run --cpu-shares */
  setCpuShares(shares: number): Promise<void>;
  /** Start a further program in the running container. */
  exec(options: ExecOptions): Promise<ExecProcess>;
  /** Put small files into a folder of the container. */
  putFiles(folder: string, files: Iterable<ArchiveFile>): Promise<void>;
  /** A file, or a folder with all below it, links not followed; undefined when it does not exist. What is returned must be read. */
  getFiles(path: string): Promise<AsyncIterable<ArchiveEntry> | undefined>;
  /** What is at a path, links not followed; undefined when there is nothing. Cheaper than getFiles. */
  statPath(path: string): Promise<PathStat | undefined>;
  /** Paths that differ from the image. */
  changes(): Promise<readonly { readonly path: string; readonly kind: 'modified' | 'added' | 'deleted' }[]>;
}

/** The part of the engine's answer that keepset uses. It does not tell the owner. */
export interface PathStat {
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
  /** Nine bits. */
  readonly permissions: number;
  readonly mtime: Date;
}

/** What the engine tells of a container that was started. @see Docker Engine API, "Inspect a container" */
export interface ContainerState {
  readonly isRunning: boolean;
  /** none, host, bridge, container:ID, or a network's name. */
  readonly networkMode: string;
  /** In its networks; not reachable from everywhere. */
  readonly addresses: readonly string[];
  /** Of the container (`80/tcp`), and where it is published. */
  readonly ports: readonly PublishedPort[];
}

export interface PublishedPort {
  readonly port: number;
  readonly protocol: string;
  /** At the engine: an address to which it is bound, and the port there. */
  readonly hostAddress: string;
  readonly hostPort: number;
}

export interface AttachedStreams {
  /** Ends when the program's output ends. With a TTY all of it is `stdout`. */
  readonly output: AsyncIterable<OutputChunk>;
  readonly stdin?: Writable;
}

export interface ExecOptions {
  readonly command: readonly string[];
  readonly user?: string;
  readonly env?: readonly string[];
  readonly stdin?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export interface ExecProcess {
  readonly output: AsyncIterable<OutputChunk>;
  /** To be called after the output has ended. */
  exitStatus(): Promise<number>;
}
