import { printPath } from '@keepset/strace-parser';
import { mergePlaces } from './merge-rights.js';
import type { WritablePlace } from './rights.js';

/** Something of an image that a place of a mount would cover. */
export interface ImageEntry {
  readonly path: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
}

/** A place that a run wrote. */
export interface WrittenPlace {
  readonly path: string;
  /** The run made it: then what is above it must be writable. */
  readonly isNew: boolean;
}

/** The image that is to run with a read-only root. */
export interface PlacesImage {
  get(path: string): ImageEntry | undefined;
  /** Whether there is anything below a folder. */
  hasContents(folder: string): boolean;
}

/** Where a container must be writable. */
export interface FoundPlaces {
  readonly writable: readonly WritablePlace[];
  /** What was written where no mount can be. */
  readonly rootWrites: readonly string[];
}

/** Where what is written is of no use after the run. */
const TEMPORARY = ['/dev/shm', '/run', '/tmp', '/var/lock', '/var/run', '/var/tmp'];
/** Engines have these in memory, in every container. */
const IN_MEMORY = ['/dev', '/proc', '/sys'];
/** What holds the programs themselves: a volume there would copy them at each start. */
const PROGRAMS = /^\/(?:bin|boot|lib(?:32|64|x32)?|sbin|usr(?:\/(?:bin|lib|sbin|libexec|share))?)?$/;

const WORLD_WRITABLE = 0o002;

/**
 * Where a container with a read-only root must be writable for what runs wrote: memory for what is temporary, a volume, which
 * begins with what the image has there, for everything else.
 *
 * @param executed  paths of programs that were executed
 */
export function findPlaces(
  written: readonly WrittenPlace[],
  image: PlacesImage,
  executed: readonly string[] = [],
): FoundPlaces {
  const places: WritablePlace[] = [];
  const rootWrites = new Set<string>();
  for (const { path, isNew } of written) {
    if (isWithin(path, IN_MEMORY)) continue;
    const folder = folderOf(path, isNew, image);
    if (folder === undefined || PROGRAMS.test(folder)) rootWrites.add(printPath(path));
    else places.push(toPlace(folder, path, image, executed));
  }
  // Two places in memory may have become one that has contents.
  const writable = mergePlaces(places).map((place) =>
    place.kind === 'tmpfs' && image.hasContents(place.path) ? toVolume(place) : place,
  );
  return { writable, rootWrites: [...rootWrites].sort() };
}

/** The folder of the image in which a path is; undefined: the root itself. */
function folderOf(path: string, isNew: boolean, image: PlacesImage): string | undefined {
  const isFolder = !isNew && image.get(path)?.type === 'directory';
  let folder = isFolder ? path : parentOf(path);
  while (folder !== '' && !(isMountable(folder) && image.get(folder)?.type === 'directory'))
    folder = parentOf(folder);
  return folder === '' || folder === '/' ? undefined : folder;
}

/** Not every engine's options can hold a path with these, or one that is no text. */
function isMountable(path: string): boolean {
  return /^[\x20-\x7e]+$/.test(path) && !/[:,"'\\$`]/.test(path);
}

function toPlace(
  folder: string,
  because: string,
  image: PlacesImage,
  executed: readonly string[],
): WritablePlace {
  const { mode = 0o1777, uid = 0 } = image.get(folder) ?? {};
  const isOpen = uid === 0 || (mode & WORLD_WRITABLE) !== 0;
  const executable = executed.some((path) => path.startsWith(`${folder}/`));
  const place = {
    path: folder,
    because: printPath(because),
    ...(executable && { executable: true as const }),
  };
  if (isWithin(folder, TEMPORARY) && isOpen && !image.hasContents(folder))
    return { ...place, kind: 'tmpfs', mode: mode & 0o7777 };
  return { ...place, kind: 'volume' };
}

function toVolume({ path, because, executable }: WritablePlace): WritablePlace {
  return { path, kind: 'volume', because, ...(executable && { executable }) };
}

function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
