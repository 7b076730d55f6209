import type { FileAccess } from '@keepset/strace-parser';

/**
 * Errors that a call gives only about something that is there: without it, the program would have met ENOENT
 * and might have gone another way. The commonest: `readlink` of what is no link (EINVAL; realpath(3) asks so
 * for every component), an extended attribute that a file does not have (ENODATA), `mkdir` of a directory
 * that exists (EEXIST), a file the user may not read (EACCES).
 *
 * Not among them: ENOENT, and what says nothing of the path (EMFILE, ENOMEM, EINTR, ENOSYS, EFAULT, EBADF,
 * ENAMETOOLONG, `?`).
 */
const ERRORS_OF_WHAT_IS_THERE: ReadonlySet<string> = new Set([
  'EACCES',
  'EBUSY',
  'EEXIST',
  'EINVAL',
  'EISDIR',
  'ELIBBAD',
  'ELOOP',
  'ENODATA',
  'ENODEV',
  'ENOEXEC',
  'ENOTDIR',
  'ENOTEMPTY',
  'ENXIO',
  'EOPNOTSUPP',
  'EOVERFLOW',
  'EPERM',
  'ERANGE',
  'EROFS',
  'ETXTBSY',
  'EXDEV',
]);

/** Whether the program learnt from this access that something is at the path. */
export function provesPresence({ errno }: Pick<FileAccess, 'errno'>): boolean {
  return errno === undefined || ERRORS_OF_WHAT_IS_THERE.has(errno);
}

/** Whether the call failed because something is not there. A directory in place of which there is nothing gives ENOTDIR. */
export function isAbsence({ errno }: Pick<FileAccess, 'errno'>): boolean {
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

/** Whether the call makes what it names, so that only the way there must exist. */
export function isMaking({ action, mode }: Pick<FileAccess, 'action' | 'mode'>): boolean {
  return action === 'create' || action === 'bind' || (action === 'write' && mode?.create === true);
}

/** Whether the call failed because the directory is not empty. Of a rename, that is said of the new name, not of the old one. */
export function metNotEmpty({ action, errno }: Pick<FileAccess, 'action' | 'errno'>): boolean {
  return errno === 'ENOTEMPTY' && action !== 'rename';
}
