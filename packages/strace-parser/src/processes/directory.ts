import type { AskedPath } from '../accesses/file-access.js';
import { unescapeC } from '../text/c-escape.js';
import { Char } from '../text/char.js';

/** A directory as a base for names. */
export class Directory {
  /** Without a slash at its end, so '' is the root. */
  readonly path: string;

  constructor(path: string) {
    const last = path.charCodeAt(path.length - 1);
    this.path = last === Char.Slash || last === Char.Dot ? path.replace(/(\/\.?)+$/, '') : path;
  }
}

/** What the kernel shows is not below the process's root. The root itself, where a process has no other. */
export const KERNEL_ROOT = new Directory('');

/**
 * The path that a name means.
 *
 * @param raw   as printed: still escaped. A text of its own, not a slice of a longer one
 * @param base  what it is below. An absolute name goes below it too: its base is the process's root
 */
export function resolve(raw: string, base: Directory): AskedPath {
  const name = raw.includes('\\') ? unescapeC(raw) : raw;
  const { path } = base;
  if (name === '') return (path || '/') as AskedPath;
  if (name.charCodeAt(0) === Char.Slash) return (path === '' ? name : path + name) as AskedPath;
  return `${path}/${name}` as AskedPath;
}

/** Whether this is what the kernel shows for a file that was never in a directory: memfd_create(2). */
export function isMemory(path: string): boolean {
  return path.startsWith('/memfd:');
}
