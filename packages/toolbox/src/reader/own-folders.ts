import type { Container, PathStat } from '@keepset/docker-engine';

/** A folder of the image that a running container does not show as it is. */
export interface OwnFolder {
  /** The 12 bits of chmod(2). */
  readonly mode: number;
  /** Seconds since 1970, whole; undefined where the engine renewed it, so that nobody knows. */
  readonly mtimeSeconds: number | undefined;
}

/**
 * What engines mount over, or make, in a container. @see moby, daemon/initlayer; OCI runtime specification,
 * "Default Filesystems"
 */
const COVERED_FILES = [
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
  '/etc/mtab',
  '/.dockerenv',
  '/run/.containerenv',
];
/**
 * The folders that engines mount over.
 *
 * @example COVERED_FOLDERS // ['/dev', '/proc', '/sys']
 */
export const COVERED_FOLDERS: readonly string[] = ['/dev', '/proc', '/sys'];
/**
 * Where no running container of any image shows the image, there and below.
 *
 * @example COVERED_PATHS.includes('/etc/hosts') // true
 */
export const COVERED_PATHS: readonly string[] = [...COVERED_FILES, ...COVERED_FOLDERS];

/** What Podman makes on starting a container of an image that has none, and where it makes entries of its own. */
const MADE_ON_START = ['/run', '/etc/passwd', '/etc/group'];
const TOUCHED_ON_START = '/run';

/** What the start of a container will hide of its image, on an engine that makes its entries only then. */
export interface BeforeStart {
  /** The image has nothing there. */
  readonly made: readonly string[];
  /** Folders whose time will be renewed. */
  readonly touched: ReadonlyMap<string, OwnFolder>;
}

/** @param container  never started yet */
export async function readBeforeStart(container: Container): Promise<BeforeStart> {
  const stats = new Map(
    await Promise.all(MADE_ON_START.map(async (path) => [path, await container.statPath(path)] as const)),
  );
  const touched = stats.get(TOUCHED_ON_START);
  return {
    made: MADE_ON_START.filter((path) => stats.get(path) === undefined),
    touched: new Map(touched?.isDirectory ? [[TOUCHED_ON_START, toOwnFolder(touched)]] : []),
  };
}

function toOwnFolder({ permissions, mtime }: PathStat): OwnFolder {
  return { mode: permissions, mtimeSeconds: mtime && Math.floor(mtime.getTime() / 1000) };
}

/** File times come from a clock that ticks every few milliseconds; the container's from a finer one. */
const CLOCK_SLACK_MS = 50;

/**
 * Which of the covered folders the image itself has, from a container that was never started: there nothing is mounted
 * yet. What the engine made on creating the container is known by its time and left out.
 */
export async function readOwnFolders(container: Container): Promise<ReadonlyMap<string, OwnFolder>> {
  const stats = new Map(
    await Promise.all(COVERED_FOLDERS.map(async (path) => [path, await container.statPath(path)] as const)),
  );
  const isOwn = (path: string): boolean => {
    const stat = stats.get(path);
    return stat !== undefined && !isTouched(stat.mtime, container.createdMs);
  };
  const own = new Map<string, OwnFolder>();
  for (const [path, stat] of stats) {
    // The engine makes files below /dev on creation, which renews its time: it goes by its neighbours.
    const isImages = path === '/dev' ? isOwn('/proc') || isOwn('/sys') : isOwn(path);
    if (stat?.isDirectory && isImages)
      own.set(
        path,
        path === '/dev' ? { mode: stat.permissions, mtimeSeconds: undefined } : toOwnFolder(stat),
      );
  }
  return own;
}

/** No reader lives so long: what is later is what the image says, far in the future. */
const READER_LIFE_MS = 24 * 3600 * 1000;

/** Whether a time is that of the container's creation or later, so not the image's. Both are of the engine's clock. */
export function isTouched(time: Date | undefined, createdMs: number): boolean {
  return (
    time !== undefined &&
    time.getTime() >= Math.floor((createdMs - CLOCK_SLACK_MS) / 1000) * 1000 &&
    time.getTime() <= createdMs + READER_LIFE_MS
  );
}
