import type { ArchiveFile } from './containers/archive-entries.js';
import type { Container } from './containers/container.js';
import type { ContainerConfig } from './containers/container-config.js';
import type { BuildOptions } from './images/build-image.js';
import type { ImageDetails } from './images/image-details.js';
import type { ListedImage } from './images/list-images.js';
import type { ProgressRecord } from './images/progress-records.js';
import type { PruneOptions } from './prune.js';
import type { Repository } from './registry/open-repository.js';
import type { SwarmJob, SwarmTask } from './swarm/swarm-job.js';

/**
 * What the rest of keepset asks of an engine. Every method throws EngineError, and INTERRUPTED once the signal given to
 * `connectEngine` is aborted.
 */
export interface Engine extends AsyncDisposable {
  /** What is known of it since it was connected. */
  readonly details: EngineDetails;
  /** What it says of itself and its machine. */
  information(): Promise<EngineInformation>;
  /** Undefined when the engine has no such image. */
  inspectImage(reference: string): Promise<ImageDetails | undefined>;
  /** All images, in one request. */
  listImages(): Promise<readonly ListedImage[]>;
  /** Fetch from the registry. @throws EngineError IMAGE_NOT_FOUND */
  pullImage(
    reference: string,
    options?: { readonly platform?: string; readonly onProgress?: (record: ProgressRecord) => void },
  ): Promise<void>;
  /**
   * Send an image to the registry that its name says.
   *
   * @returns sha256:… of the manifest, by which the registry knows it
   * @throws EngineError PUSH_FAILED
   */
  pushImage(tag: { readonly repository: string; readonly tag: string }): Promise<string>;
  /** The repository of an image at its registry, with the credentials that pushes have; the engine is not asked. */
  openRepository(name: string): Repository;
  /**
   * Load a docker archive of one image without a name. A layer that the engine has need not be in it (see
   * `layersByDiffId`).
   *
   * @returns the id that the engine gave it
   */
  loadImage(archive: AsyncIterable<Uint8Array>): Promise<string>;
  /** All of an image as an archive, as `docker save` writes it: what is kept grows with the image, so for small ones. */
  saveImage(reference: string): Promise<AsyncIterable<Uint8Array>>;
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
  buildImage(context: Iterable<ArchiveFile>, options?: BuildOptions): Promise<string>;
  /** Give an image a further name. The name may have been another image's. */
  tagImage(id: string, tag: { readonly repository: string; readonly tag: string }): Promise<void>;
  /** Remove a name, and the image when it was the last one. Absent, or in use by a container: nothing happens. */
  removeImage(reference: string): Promise<void>;
  /** The container is removed, with its anonymous volumes, when it is disposed of, at the latest with the engine. */
  createContainer(config: ContainerConfig, role: string): Promise<Container>;
  /** A container that somebody else made, and removes. */
  othersContainer(id: string): Omit<Container, 'createdMs'>;
  /**
   * Make a named volume of keepset's; it stays. The same name twice is the same volume.
   *
   * @param role  default toolbox
   */
  ensureVolume(name: string, role?: string): Promise<void>;
  /** Whether there is a volume of this name, whoever made it. */
  hasVolume(name: string): Promise<boolean>;
  /** Absent: nothing happens. */
  removeVolume(name: string): Promise<void>;
  /**
   * Give containers to the Swarm that it is a manager of. They stay until `removeSwarmJob`, whatever ends this session.
   *
   * @returns the id of the job
   * @throws EngineError NO_SWARM
   */
  startSwarmJob(job: SwarmJob): Promise<string>;
  /** Where the containers of a job stand; undefined: there is none. Those that wait for their turn may be left out. */
  listSwarmTasks(id: string): Promise<readonly SwarmTask[] | undefined>;
  /** End a job, and have nothing of it left. Absent: nothing happens. */
  removeSwarmJob(id: string): Promise<void>;
  /**
   * Remove what interrupted sessions left: their containers with anonymous volumes, toolbox volumes that nobody uses, and
   * those unnamed images that the caller knows as theirs.
   *
   * @returns what was removed, as `container ID`, `volume NAME`, `image ID`
   */
  prune(options?: PruneOptions): Promise<readonly string[]>;
}

/** Who answers at an address. */
export interface EngineDetails {
  /** Where it listens, as in DOCKER_HOST. */
  readonly address: string;
  /** The name or address of its machine, under which published ports are reached: 127.0.0.1 where it is this one. */
  readonly host: string;
  readonly version: string;
  /** Docker itself, and no other engine that speaks its API. */
  readonly isDocker: boolean;
  readonly apiVersion: string;
  /** As registries name it: linux */
  readonly os: string;
  /** As registries name it: amd64, arm64 */
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
