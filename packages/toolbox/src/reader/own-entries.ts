import {
  type ArchiveFile,
  type ArchiveHeader,
  type Container,
  type PathStat,
  packArchive,
} from '@keepset/docker-engine';

/** One file of the image that the engine covers with its own in every running container. */
export interface OwnEntry {
  /** Absolute. */
  readonly path: string;
  readonly header: ArchiveHeader;
  readonly content: Uint8Array;
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
const COVERED_FOLDERS = ['/dev', '/proc', '/sys'];
/** Where no running container of any image shows the image. */
export const COVERED_PATHS: readonly string[] = [...COVERED_FILES, ...COVERED_FOLDERS];

/** What Podman makes on starting a container of an image that has none, and where it does. */
const MADE_ON_START = ['/run', '/etc/passwd', '/etc/group'];
const TOUCHED_ON_START = ['/', '/etc', '/run'];

/** What the start of a container will hide of its image, on an engine that makes its entries only then. */
export interface BeforeStart {
  /** The image has nothing there. */
  readonly made: readonly string[];
  /** Folder → the image's own time. */
  readonly times: ReadonlyMap<string, Date>;
}

/** @param container  never started yet */
export async function readBeforeStart(container: Container): Promise<BeforeStart> {
  const paths = [...new Set([...MADE_ON_START, ...TOUCHED_ON_START])];
  const stats = new Map(
    await Promise.all(paths.map(async (path) => [path, await container.statPath(path)] as const)),
  );
  const times = new Map<string, Date>();
  for (const path of TOUCHED_ON_START) {
    const mtime = stats.get(path)?.mtime;
    if (mtime !== undefined && !isTouched(mtime, container.createdMs)) times.set(path, mtime);
  }
  return { made: MADE_ON_START.filter((path) => stats.get(path) === undefined), times };
}

/** File times come from a clock that ticks every few milliseconds; the container's from a finer one. */
const CLOCK_SLACK_MS = 50;

/**
 * Read what the image itself holds at the covered paths, from a container that was never started: there nothing is
 * mounted yet. What the engine made on creating the container is known by its time and left out.
 *
 * @returns path → entry, of the image's own only
 */
export async function readOwnEntries(container: Container): Promise<ReadonlyMap<string, OwnEntry>> {
  const stats = await Promise.all(COVERED_PATHS.map((path) => container.statPath(path)));
  const statOf = (path: string): PathStat | undefined => stats[COVERED_PATHS.indexOf(path)];
  const isOwn = (path: string): boolean => {
    const stat = statOf(path);
    return stat !== undefined && !isTouched(stat.mtime, container.createdMs);
  };
  const own = new Map<string, OwnEntry>();
  for (const path of COVERED_FOLDERS) {
    const stat = statOf(path);
    // The engine makes files below /dev on creation, which renews its time: it goes by its neighbours.
    const isImages = path === '/dev' ? isOwn('/proc') || isOwn('/sys') || isOwn('/dev') : isOwn(path);
    if (stat?.isDirectory && isImages) own.set(path, toFolderEntry(path, stat));
  }
  const files = await Promise.all(COVERED_FILES.filter(isOwn).map((path) => readEntry(container, path)));
  for (const entry of files) if (entry !== undefined) own.set(entry.path, entry);
  return own;
}

/** The engine names no owner; /dev, /proc and /sys are root's in every image, since it mounts over them. */
function toFolderEntry(path: string, { permissions, mtime }: PathStat): OwnEntry {
  return {
    path,
    header: { name: path, type: 'directory', mode: permissions, uid: 0, gid: 0, mtime },
    content: new Uint8Array(),
  };
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

async function readEntry(container: Container, path: string): Promise<OwnEntry | undefined> {
  // The first entry is the path itself; what lies below a folder is not wanted.
  for await (const { header, content } of (await container.getFiles(path)) ?? []) {
    return {
      path,
      header,
      content: header.type === 'file' ? Buffer.concat(await Array.fromAsync(content)) : Buffer.alloc(0),
    };
  }
  return undefined;
}

const END_MARK_BYTES = 1024;

/**
 * Tar entries for the given paths, without the end mark, so that a tar stream can follow.
 *
 * @param touchedMtime  stands in for the times that the engine renewed
 */
export async function packEntries(
  entries: readonly OwnEntry[],
  createdMs: number,
  touchedMtime: Date,
): Promise<Uint8Array> {
  const files = entries.map(({ path, header, content }): ArchiveFile => {
    const isFolder = header.type === 'directory';
    return {
      header: {
        type: header.type ?? 'file',
        // Docker puts the file type into the mode as well.
        mode: (header.mode ?? 0) & 0o7777,
        uid: header.uid ?? 0,
        gid: header.gid ?? 0,
        ...(header.linkname && { linkname: header.linkname }),
        name: path === '/' ? './' : `${path.slice(1)}${isFolder ? '/' : ''}`,
        mtime: isTouched(header.mtime, createdMs) ? touchedMtime : (header.mtime ?? touchedMtime),
      },
      content,
    };
  });
  const archive = await packArchive(files);
  return archive.subarray(0, archive.length - END_MARK_BYTES);
}
