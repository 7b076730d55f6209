import { unescapeC } from './c-escape.js';
import type { AskedPath } from './file-access.js';

/** A copy that does not keep the text it was cut from alive. */
export function detach(slice: string): string {
  return ` ${slice}`.slice(1);
}

/** A directory as a base for names, with the paths that have been asked for from it. */
export interface Directory {
  /** Without a slash at its end, so '' is the root. */
  readonly path: string;
  /** Names as strace printed them → the whole path. One string per path, however often it is used. */
  readonly names: Map<string, AskedPath>;
}

// In UTF-16 units, of names and paths together; about 16 MB with their map entries.
const CACHE_UNITS = 4 * 1024 * 1024;

/** Paths by the text that stands for them: a log names the same few over and over. */
export class PathCache {
  private units = 0;
  private directories = new Map<string, Directory>();
  private annotations = new Map<string, string>();
  private readonly lists: Directory[] = [];

  directory(path: string): Directory {
    const bare = /\/\.?$/.test(path) ? path.replace(/(\/\.?)+$/, '') : path;
    let found = this.directories.get(bare);
    if (found === undefined) {
      found = { path: bare, names: new Map() };
      this.directories.set(bare, found);
      this.lists.push(found);
      this.spend(bare.length);
    }
    return found;
  }

  /** The path of a name, both as bytes: absolute names are under `root`, others under `base`. */
  join(directory: Directory, raw: string): AskedPath {
    const known = directory.names.get(raw);
    if (known !== undefined) return known;
    const key = detach(raw);
    const bytes = unescapeC(key);
    const path = (
      bytes === ''
        ? directory.path || '/'
        : bytes.startsWith('/')
          ? directory.path === ''
            ? bytes
            : directory.path + bytes
          : `${directory.path}/${bytes}`
    ) as AskedPath;
    this.spend(key.length + path.length);
    directory.names.set(key, path);
    return path;
  }

  /** What an annotation's text stands for. */
  annotation(raw: string): string {
    const known = this.annotations.get(raw);
    if (known !== undefined) return known;
    const key = detach(raw);
    const path = unescapeC(key);
    this.spend(key.length + path.length);
    this.annotations.set(key, path);
    return path;
  }

  private spend(units: number): void {
    this.units += units + 32;
    if (this.units < CACHE_UNITS) return;
    this.units = 0;
    this.annotations = new Map();
    this.directories = new Map();
    // Processes hold on to their directories: those are emptied, not dropped.
    for (const directory of this.lists) directory.names.clear();
    this.lists.length = 0;
  }
}
