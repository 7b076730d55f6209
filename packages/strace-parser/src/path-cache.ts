import { unescapeC } from './c-escape.js';
import { Char } from './char.js';
import { detach } from './detach.js';
import type { AskedPath } from './file-access.js';

/** A directory as a base for names. */
export class Directory {
  /** Without a slash at its end, so '' is the root. */
  readonly path: string;

  constructor(path: string) {
    this.path = /\/\.?$/.test(path) ? path.replace(/(\/\.?)+$/, '') : path;
  }
}

/** What the kernel shows is not below the process's root. The root itself, where a process has no other. */
export const KERNEL_ROOT = new Directory('');

/** A name in a log, and the path that it means. */
export class KnownPath {
  private asDirectory: Directory | undefined = undefined;

  constructor(
    /** As printed: still escaped. */
    readonly raw: string,
    readonly base: Directory,
    readonly path: AskedPath,
  ) {}

  get directory(): Directory {
    this.asDirectory ??= new Directory(this.path);
    return this.asDirectory;
  }
}

const SLOTS = 256;

/**
 * Paths by the text that stands for them: a log names the same few over and over. A name is compared where it
 * stands in the log; only one that is not among the last ones is copied and decoded. Of fixed size.
 */
export class PathCache {
  private readonly slots: Array<KnownPath | undefined> = new Array(SLOTS).fill(undefined);

  /**
   * The path of the name `text.slice(start, end)`, below `base`. An absolute name goes below it too: its base
   * is the process's root.
   */
  find(text: string, start: number, end: number, base: Directory): KnownPath {
    const length = end - start;
    // Names in a directory differ at their end, libraries and locales before it.
    const slot =
      (text.charCodeAt(end - 1) +
        text.charCodeAt(end - 3) * 31 +
        text.charCodeAt(end - 6) * 257 +
        text.charCodeAt(end - 10) * 1021 +
        text.charCodeAt(start + (length >> 1)) * 3967 +
        length * 67) &
      (SLOTS - 1);
    const cut = text.slice(start, end);
    const known = this.slots[slot];
    // Comparing two strings is many times as fast as startsWith, or as looking one up by its hash.
    if (known !== undefined && known.base === base && known.raw === cut) return known;
    const fresh = toKnownPath(cut, base);
    this.slots[slot] = fresh;
    return fresh;
  }
}

function toKnownPath(cut: string, base: Directory): KnownPath {
  if (cut.includes('\\')) {
    const raw = detach(cut);
    return new KnownPath(raw, base, join(base.path, unescapeC(raw)));
  }
  // Nothing to decode: the name is the end of its path, and needs no copy of its own.
  const path = join(base.path, cut);
  if (path.length === cut.length) {
    const copy = detach(cut) as AskedPath;
    return new KnownPath(copy, base, copy);
  }
  const whole = detach(path) as AskedPath;
  return new KnownPath(whole.slice(whole.length - cut.length), base, whole);
}

function join(base: string, name: string): AskedPath {
  if (name === '') return (base || '/') as AskedPath;
  if (name.charCodeAt(0) === Char.Slash) return (base === '' ? name : base + name) as AskedPath;
  return `${base}/${name}` as AskedPath;
}
