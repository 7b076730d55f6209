import type { ImageTree } from '@keepset/image-tree';
import { parentFolder } from '../../source/parent-folder.js';

export interface SoftwareFolder {
  /** A byte string. */
  readonly path: string;
  /** Of the files below it. */
  readonly sizeBytes: number;
}

/** Folders whose folders are software, each by itself: of Python, Node.js, R, Ruby. */
const LIBRARIES: ReadonlySet<string> = new Set(
  'site-packages dist-packages node_modules site-library library gems'.split(' '),
);

/** Folders of the file hierarchy whose folders are software. @see hier(7) */
const PLACES: ReadonlySet<string> = new Set(
  '/opt /srv /usr/lib /usr/share /usr/local /usr/local/lib /usr/local/share /usr/libexec /home /var/www /var/lib'.split(
    ' ',
  ),
);

/** What every image has, and no one installs for its own sake: libraries of all programs, documents, locales, databases. */
const COMMON =
  /^\/usr\/(?:local\/(?:bin|lib|share|sbin|etc|include|man|src|games)|(?:lib|libexec)\/(?:[^/]*-linux-[^/]*|locale|dpkg|apt|perl|debug)|share\/(?:doc|man|info|locale|i18n|zoneinfo|bash-completion|common-licenses|perl|perl5|dpkg|lintian|icons|fonts|misc|terminfo|licenses|keyrings))$|^\/var\/lib\/(?:dpkg|apt|apk|rpm|pacman)$/;

/** Smaller ones tell nothing of an image. */
const SHARE_MIN = 0.01;

/**
 * The folders in which an image has what it was made for, the largest first: packages of language libraries, folders
 * of /opt, /usr/lib, /srv and the like.
 */
export function findSoftware(tree: ImageTree): readonly SoftwareFolder[] {
  const bytes = new Map<string, number>();
  const folders: string[] = [];
  for (const { path, type, sizeBytes } of tree.entries()) {
    while (folders.length > 0 && !startsBelow(path, folders.at(-1) as string)) folders.pop();
    if (type === 'file')
      for (const folder of folders) bytes.set(folder, (bytes.get(folder) ?? 0) + sizeBytes);
    if (type === 'directory' && isSoftware(path)) folders.push(path);
  }
  const least = SHARE_MIN * tree.totalBytes;
  return [...bytes]
    .map(([path, sizeBytes]) => ({ path, sizeBytes }))
    .filter(({ sizeBytes }) => sizeBytes >= least)
    .sort((left, right) => right.sizeBytes - left.sizeBytes);
}

function isSoftware(path: string): boolean {
  const parent = parentFolder(path);
  const isPart = PLACES.has(parent) || LIBRARIES.has(parent.slice(parent.lastIndexOf('/') + 1));
  return isPart && !COMMON.test(path);
}

function startsBelow(path: string, folder: string): boolean {
  return path.length > folder.length && path[folder.length] === '/' && path.startsWith(folder);
}
