import { lstat, readlink, stat } from 'node:fs/promises';
import type { LinkAnswer, LinkReader } from './link-reader.js';
import { ResolveError } from './resolve-error.js';

const DIRECTORY: LinkAnswer = { kind: 'directory' };
const OTHER: LinkAnswer = { kind: 'other' };
const MISSING: LinkAnswer = { kind: 'missing' };

/**
 * A folder of this machine as a tree of its own, as chroot(2) shows it: a root file system that was unpacked, or `/`.
 *
 * A path is looked at one name after the other, and not below a link: nothing outside of the folder is looked at, wherever
 * its links lead. That holds as long as nobody changes the folder meanwhile.
 *
 * @param folder  as Node.js takes it; it may be a link itself. The paths asked are below it, and begin with `/`
 * @returns       a reader that throws ResolveError RESOLVE_UNREADABLE where the folder is none, or an entry may not be
 *                looked at
 * @example
 * const links = toFolderReader('/srv/rootfs');
 * (await resolvePath({ path: '/bin/sh' }, links)).path // '/usr/bin/dash'
 */
export function toFolderReader(folder: string): LinkReader {
  const root = Buffer.from(folder).toString('latin1').replace(/\/+$/, '');
  return {
    async readLinks(paths) {
      await requireFolder(folder);
      // Of one round alone: what the folder holds may change from one to the next.
      const known = new Map<string, LinkAnswer>([['', DIRECTORY]]);
      const look = async (path: string): Promise<LinkAnswer> => {
        const before = known.get(path);
        if (before !== undefined) return before;
        const { kind } = await look(path.slice(0, path.lastIndexOf('/')));
        const answer = kind === 'directory' ? await readEntry(`${root}${path}`) : MISSING;
        known.set(path, answer);
        return answer;
      };
      const answers: LinkAnswer[] = [];
      for (const path of paths) answers.push(path === '/' ? DIRECTORY : await look(path));
      return answers;
    },
  };
}

async function requireFolder(folder: string): Promise<void> {
  const status = await stat(folder).catch((cause: Error) => {
    throw unreadable(folder, cause);
  });
  if (!status.isDirectory()) throw unreadable(folder, new Error('it is no folder'));
}

/** @param path  a byte string; every folder on its way is a real one */
async function readEntry(path: string): Promise<LinkAnswer> {
  const place = Buffer.from(path, 'latin1');
  try {
    const status = await lstat(place);
    if (status.isSymbolicLink())
      return { kind: 'link', target: (await readlink(place, { encoding: 'buffer' })).toString('latin1') };
    return status.isDirectory() ? DIRECTORY : OTHER;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return MISSING;
    throw unreadable(path, cause as Error);
  }
}

function unreadable(path: string, cause: Error): ResolveError {
  return new ResolveError(
    'RESOLVE_UNREADABLE',
    `${JSON.stringify(path)} cannot be looked at: ${cause.message}`,
    { cause },
  );
}
