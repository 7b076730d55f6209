import {
  AsyncDisposableStack,
  type Container,
  type ContainerConfig,
  type Engine,
  type ImageDetails,
} from '@keepset/docker-engine';
import type { Toolbox } from '../provide/provide-toolbox.js';
import { ownEnvironment, toolCommand } from '../toolbox-layout.js';
import { readCoveredPaths } from './covered-paths.js';
import type { LinkAnswer } from './link-answer.js';
import type { OwnFolder } from './own-folders.js';
import { readArchive } from './read-archive.js';
import { type Attributes, readAttributes } from './read-attributes.js';
import { readCapable } from './read-capable.js';
import { readHeads, type SizedFile } from './read-heads.js';
import { readLinks } from './read-links.js';
import { readListing } from './read-listing.js';

/**
 * Reads an image through one container of it, in which nothing of the image runs: only programs of the toolbox.
 * Paths are byte strings: each UTF-16 unit is one byte.
 */
export interface ImageReader extends AsyncDisposable {
  /** Runs until the reader is disposed of. */
  readonly container: Container;
  /** Those folders of the image that an engine covers in containers: /dev, /proc, /sys. */
  readonly ownFolders: ReadonlyMap<string, OwnFolder>;
  /** Folders whose times the start of the container renewed, as they were before; of no others they are known. */
  readonly touchedFolders: ReadonlyMap<string, OwnFolder>;
  /** Paths at which a running container does not show the image. */
  readonly coveredPaths: readonly string[];
  /** From now on it has the same right to the processors as any container. */
  toForeground(): Promise<void>;
  /** One answer a path, in order; one program run for all. */
  readLinks(paths: readonly string[]): Promise<readonly LinkAnswer[]>;
  /** The whole tree in a format of GNU find's -printf, without the covered paths. */
  readListing(format: string): AsyncIterable<Uint8Array>;
  /** The first bytes of regular files whose sizes are known. @throws ToolboxError TOOLBOX_BAD_ANSWER */
  readHeads(files: readonly SizedFile[], maxBytes: number): Promise<readonly Uint8Array[]>;
  /** Those of some regular files that have capabilities of their own. @see capabilities(7), "File capabilities" */
  readCapable(paths: readonly string[]): Promise<readonly string[]>;
  /** Of some paths of the container what a tar says of them, but for name and content; one program run for all. */
  readAttributes(paths: readonly string[]): Promise<ReadonlyMap<string, Attributes>>;
  /**
   * Some paths of the container, not what is below them, as one tar of GNU tar's, in the order of the paths: owners,
   * times to the nanosecond, extended attributes, hard links, holes. Of covered paths it has what the engine shows.
   *
   * @throws EngineError EXEC_FAILED  a path does not exist; thrown when the archive ends
   */
  readArchive(paths: readonly string[]): AsyncIterable<Uint8Array>;
}

/** How a reader shares its machine. */
export interface ReaderOptions {
  /** Whatever runs beside the reader goes first, until `toForeground`. Default false. */
  readonly inBackground?: boolean;
}

/** Weights of containers. @see docker-run(1), cpu-shares */
const CPU_SHARES_MIN = 2;
const CPU_SHARES_DEFAULT = 1024;

/**
 * Start a container of the image that does nothing but wait, and answer questions through it.
 *
 * @throws EngineError
 * @example
 * await using reader = await openImageReader(engine, image, toolbox);
 * await reader.readLinks(['/bin']) // [{ kind: 'link', target: 'usr/bin' }]
 */
export async function openImageReader(
  engine: Engine,
  image: ImageDetails,
  toolbox: Toolbox,
  { inBackground = false }: ReaderOptions = {},
): Promise<ImageReader> {
  const { isDocker } = engine.details;
  // Others than Docker refuse where they have not got the right to promise it.
  const yields = inBackground && isDocker;
  await using opened = new AsyncDisposableStack();
  const waiting = waitingConfig(image, toolbox, yields ? CPU_SHARES_MIN : undefined);
  const container = opened.use(await engine.createContainer(waiting, 'reader'));
  const covered = await readCoveredPaths(container, isDocker);
  await container.start();
  // From here on the container is the reader's.
  opened.move();
  return {
    container,
    ownFolders: covered.ownFolders,
    touchedFolders: covered.touchedFolders,
    coveredPaths: covered.paths,
    async toForeground() {
      if (yields) await container.setCpuShares(CPU_SHARES_DEFAULT);
    },
    readLinks: (paths) => readLinks(container, covered, paths),
    readListing: (format) => readListing(container, covered, format),
    readHeads: (files, maxBytes) => readHeads(container, files, maxBytes),
    readCapable: (paths) => readCapable(container, paths),
    readAttributes: (paths) => readAttributes(container, paths),
    readArchive: (paths) => readArchive(container, paths),
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}

function waitingConfig(
  image: ImageDetails,
  toolbox: Toolbox,
  CpuShares: number | undefined,
): ContainerConfig {
  return {
    Image: image.id,
    Entrypoint: toolCommand('sleep'),
    Cmd: ['infinity'],
    User: '0:0',
    WorkingDir: '/',
    Env: ownEnvironment(image.config.Env),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Mounts: [toolbox.mount],
      NetworkMode: 'none',
      LogConfig: { Type: 'none' },
      ...(CpuShares !== undefined && { CpuShares }),
    },
  };
}
