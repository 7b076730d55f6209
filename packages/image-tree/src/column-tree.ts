import type { LinkAnswer, RealPath } from '@keepset/symlink-resolver';
import { Column } from './column.js';
import type { ImageTree } from './image-tree.js';
import { StringTable } from './string-table.js';
import { sumBytes } from './sum-bytes.js';
import { ENTRY_TYPES, type EntryType, type TreeEntry } from './tree-entry.js';
import { TreeError } from './tree-error.js';

const DIRECTORY_ANSWER: LinkAnswer = { kind: 'directory' };
const OTHER_ANSWER: LinkAnswer = { kind: 'other' };
const MISSING_ANSWER: LinkAnswer = { kind: 'missing' };

/** What one row of the tree is made of. */
export interface TreeRow {
  readonly path: string;
  readonly type: EntryType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly sizeBytes: number;
  readonly mtimeSeconds: number;
  readonly device: number | bigint;
  readonly inode: number | bigint;
  readonly linkCount: number;
  readonly linkTarget: string;
}

/** A tree held by columns: a path and some 70 bytes of numbers per entry. */
export class ColumnTree implements ImageTree {
  readonly #paths = new StringTable();
  readonly #types = new Column((length) => new Uint8Array(length));
  readonly #modes = new Column((length) => new Uint16Array(length));
  readonly #uids = new Column((length) => new Uint32Array(length));
  readonly #gids = new Column((length) => new Uint32Array(length));
  readonly #sizes = new Column((length) => new Float64Array(length));
  readonly #mtimes = new Column((length) => new Float64Array(length));
  /** Places in the list of devices, of which there are few. */
  readonly #devices = new Column((length) => new Uint32Array(length));
  readonly #deviceNumbers: number[] = [];
  readonly #inodes = new Column((length) => new Float64Array(length));
  /** Device and inode of the rows where a number of the columns is not exact. */
  readonly #largeInodes = new Map<number, string>();
  /** Less 1: most are. */
  readonly #furtherNames = new Column((length) => new Int32Array(length));
  readonly #linkTargets = new Map<number, string>();
  /** Row numbers by the bytes of their paths. */
  #order: Uint32Array | undefined;
  #sharedInodes: ReadonlyMap<string, readonly number[]> | undefined;
  #totalBytes: number | undefined;

  add(row: TreeRow): void {
    const { size } = this.#paths;
    const index = this.#paths.add(row.path);
    if (index < size) {
      throw new TreeError('TREE_DUPLICATE_PATH', `the path ${JSON.stringify(row.path)} comes twice`);
    }
    this.#types.set(index, ENTRY_TYPES.indexOf(row.type));
    this.#modes.set(index, row.mode);
    this.#uids.set(index, row.uid);
    this.#gids.set(index, row.gid);
    this.#sizes.set(index, row.sizeBytes);
    this.#mtimes.set(index, row.mtimeSeconds);
    this.#devices.set(index, this.#placeOfDevice(Number(row.device)));
    this.#inodes.set(index, Number(row.inode));
    if (typeof row.inode === 'bigint' || typeof row.device === 'bigint')
      this.#largeInodes.set(index, `${row.device}:${row.inode}`);
    this.#furtherNames.set(index, row.linkCount - 1);
    if (row.type === 'symlink') this.#linkTargets.set(index, row.linkTarget);
    this.#order = undefined;
  }

  get size(): number {
    return this.#paths.size;
  }

  get totalBytes(): number {
    this.#totalBytes ??= this.#sumBytes();
    return this.#totalBytes;
  }

  /** As `sumBytes`, without making an entry of each row. */
  #sumBytes(): number {
    const linked: TreeEntry[] = [];
    let sum = 0;
    for (let index = 0; index < this.size; index++) {
      if (this.#typeAt(index) !== 'file') continue;
      if (this.#furtherNames.at(index) > 0) linked.push(this.#entry(index));
      else sum += this.#sizes.at(index);
    }
    return sum + sumBytes(linked);
  }

  get(path: string): TreeEntry | undefined {
    const index = this.#paths.indexOf(path);
    return index === undefined ? undefined : this.#entry(index);
  }

  has(path: string): boolean {
    return this.#paths.indexOf(path) !== undefined;
  }

  *entries(): Iterable<TreeEntry> {
    for (const index of this.#sorted()) yield this.#entry(index);
  }

  *children(path: string): Iterable<TreeEntry> {
    const prefix = belowPrefix(path);
    const order = this.#sorted();
    let position = this.#firstFrom(prefix);
    while (position < order.length) {
      const candidate = this.#pathAt(position);
      if (!candidate.startsWith(prefix)) return;
      const slash = candidate.indexOf('/', prefix.length);
      if (slash === -1) {
        // The root is below no directory, but its path is the root's own prefix.
        if (candidate !== prefix) yield this.#entry(order[position] as number);
        position++;
      } else {
        position = this.#firstFrom(`${candidate.slice(0, slash)}${AFTER_SLASH}`);
      }
    }
  }

  *descendants(path: string): Iterable<TreeEntry> {
    const prefix = belowPrefix(path);
    const order = this.#sorted();
    for (let position = this.#firstFrom(prefix); position < order.length; position++) {
      const candidate = this.#pathAt(position);
      if (!candidate.startsWith(prefix)) return;
      if (candidate !== prefix) yield this.#entry(order[position] as number);
    }
  }

  hardLinks(path: string): readonly TreeEntry[] {
    const index = this.#paths.indexOf(path);
    if (index === undefined || !this.#mayShareInode(index)) return [];
    const names = this.#inodesWithManyNames().get(this.#inodeAt(index)) ?? [];
    return names.filter((name) => name !== index).map((name) => this.#entry(name));
  }

  async readLinks(paths: readonly string[]): Promise<readonly LinkAnswer[]> {
    return paths.map((path) => {
      const index = this.#paths.indexOf(path);
      if (index === undefined) return MISSING_ANSWER;
      const type = this.#typeAt(index);
      if (type === 'symlink') return { kind: 'link', target: this.#linkTargets.get(index) ?? '' };
      return type === 'directory' ? DIRECTORY_ANSWER : OTHER_ANSWER;
    });
  }

  #entry(index: number): TreeEntry {
    const linkTarget = this.#linkTargets.get(index);
    return {
      // A listing names every entry by the directories it is in: no link or `..` is in its path.
      path: this.#paths.at(index) as RealPath,
      type: this.#typeAt(index),
      mode: this.#modes.at(index),
      uid: this.#uids.at(index),
      gid: this.#gids.at(index),
      sizeBytes: this.#sizes.at(index),
      mtimeSeconds: this.#mtimes.at(index),
      inode: this.#inodeAt(index),
      linkCount: this.#furtherNames.at(index) + 1,
      ...(linkTarget === undefined ? {} : { linkTarget }),
    };
  }

  #typeAt(index: number): EntryType {
    return ENTRY_TYPES[this.#types.at(index)] as EntryType;
  }

  #inodeAt(index: number): string {
    return (
      this.#largeInodes.get(index) ??
      `${this.#deviceNumbers[this.#devices.at(index)]}:${this.#inodes.at(index)}`
    );
  }

  #placeOfDevice(device: number): number {
    const place = this.#deviceNumbers.indexOf(device);
    return place === -1 ? this.#deviceNumbers.push(device) - 1 : place;
  }

  #mayShareInode(index: number): boolean {
    return this.#furtherNames.at(index) > 0 && this.#typeAt(index) !== 'directory';
  }

  #inodesWithManyNames(): ReadonlyMap<string, readonly number[]> {
    if (this.#sharedInodes === undefined) {
      const shared = new Map<string, number[]>();
      for (const index of this.#sorted()) {
        if (!this.#mayShareInode(index)) continue;
        const inode = this.#inodeAt(index);
        const names = shared.get(inode);
        if (names === undefined) shared.set(inode, [index]);
        else names.push(index);
      }
      this.#sharedInodes = shared;
    }
    return this.#sharedInodes;
  }

  #sorted(): Uint32Array {
    this.#order ??= this.#paths.sorted();
    return this.#order;
  }

  #pathAt(position: number): string {
    return this.#paths.at(this.#sorted()[position] as number);
  }

  /** Position of the first path that is not before `path`. */
  #firstFrom(path: string): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#pathAt(middle) < path) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The byte after `/`: all that is below a directory sorts before the directory's path with it. */
const AFTER_SLASH = '0';

function belowPrefix(path: string): string {
  return path === '/' ? '/' : `${path}/`;
}
