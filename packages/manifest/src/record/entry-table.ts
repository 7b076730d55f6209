import { Column, StringTable, sortNumbers } from '@keepset/image-tree';
import { parsePrintedPath } from '@keepset/strace-parser';
import { LazyMap, type PlacedKeys } from './lazy-map.js';
import type { ScannedEntry } from './scan-manifest.js';

/** One path of the source, and what became of it. What older manifests do not tell is undefined. */
export interface StoredPath {
  readonly type: string;
  /** In the source; of a stub 0: that is what is kept of it. */
  readonly sizeBytes: number;
  /** Of a stub: what it was in the source. */
  readonly sourceSizeBytes?: number | undefined;
  readonly isKept: boolean;
  readonly isStub: boolean;
  /** The 12 bits of chmod(2). */
  readonly mode?: number | undefined;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtimeSeconds?: number | undefined;
  readonly linkTarget?: string | undefined;
  /** The smallest name of the same content in the source, where this is another. */
  readonly hardLinkTo?: string | undefined;
  /** Places in the list of packages. */
  readonly owners: readonly number[];
  /** Of the content of a kept file. */
  readonly sha256?: string | undefined;
}

/** Entries by their paths (byte strings), in the order in which they were read. */
export interface StoredEntries extends ReadonlyMap<string, StoredPath> {
  /** By the bytes of the paths. */
  byPath(): Iterable<[string, StoredPath]>;
  /** The largest first; of one size, by the bytes of the paths. */
  largestFirst(): Iterable<[string, StoredPath]>;
}

const KEPT = 1;
const STUB = 2;
/** No mode has so many bits. */
const NO_MODE = 0xffff;

const NO_OWNERS: readonly number[] = [];

/** Entries of a manifest by columns: some 60 bytes and the path of each, where an object in a map takes 500. */
export class EntryTable extends LazyMap<StoredPath> implements StoredEntries {
  readonly #paths = new StringTable();
  readonly #flags = new Column((length) => new Uint8Array(length));
  readonly #types = new Column((length) => new Uint32Array(length));
  readonly #typeNames = new Distinct<string>();
  readonly #sizes = new Column((length) => new Float64Array(length));
  readonly #modes = new Column((length) => new Uint16Array(length));
  readonly #uids = new Column((length) => new Uint32Array(length));
  readonly #gids = new Column((length) => new Uint32Array(length));
  readonly #mtimes = new Column((length) => new Float64Array(length));
  readonly #owners = new Column((length) => new Uint32Array(length));
  readonly #ownerSets = new Distinct<readonly number[]>();
  readonly #sourceSizes = new Map<number, number>();
  readonly #linkTargets = new NumberedTexts();
  readonly #hardLinks = new NumberedTexts();
  readonly #digests = new NumberedTexts();
  readonly #reasons = new NumberedTexts();

  get size(): number {
    return this.#paths.size;
  }

  /**
   * Add an entry, or put it in the place of the one with its path.
   *
   * @param reasons  JSON text; undefined for what was removed
   */
  set(entry: ScannedEntry, reasons: string | undefined): void {
    const { type, sizeBytes, sourceSizeBytes, stub, mode, uid = 0, gid = 0, mtimeSeconds } = entry;
    const { linkTarget, hardLinkTo, owners = NO_OWNERS, sha256 } = entry;
    const index = this.#paths.add(parsePrintedPath(entry.path));
    this.#flags.set(index, (reasons === undefined ? 0 : KEPT) | (stub === true ? STUB : 0));
    this.#types.set(index, this.#typeNames.numberOf(type, type));
    this.#sizes.set(index, sizeBytes);
    this.#modes.set(index, mode ?? NO_MODE);
    this.#uids.set(index, uid);
    this.#gids.set(index, gid);
    this.#mtimes.set(index, mtimeSeconds ?? Number.NaN);
    this.#owners.set(index, this.#ownerSets.numberOf(owners.join(), owners));
    if (sourceSizeBytes === undefined) this.#sourceSizes.delete(index);
    else this.#sourceSizes.set(index, sourceSizeBytes);
    this.#linkTargets.set(index, linkTarget && parsePrintedPath(linkTarget));
    this.#hardLinks.set(index, hardLinkTo && parsePrintedPath(hardLinkTo));
    this.#digests.set(index, sha256);
    this.#reasons.set(index, reasons && Buffer.from(reasons).toString('latin1'));
  }

  get(path: string): StoredPath | undefined {
    const index = this.#paths.indexOf(path);
    return index === undefined ? undefined : this.#entry(index);
  }

  override has(path: string): boolean {
    return this.#paths.indexOf(path) !== undefined;
  }

  /** JSON text; undefined for what was removed, and what is not there. */
  reasonsOf(path: string): string | undefined {
    const index = this.#paths.indexOf(path);
    const bytes = index === undefined ? undefined : this.#reasons.at(index);
    return bytes && Buffer.from(bytes, 'latin1').toString();
  }

  override *keys(): Generator<string, undefined> {
    for (let index = 0; index < this.size; index++) yield this.#paths.at(index);
  }

  override placedKeys(): PlacedKeys {
    return this.#paths;
  }

  *entries(): Generator<[string, StoredPath], undefined> {
    for (let index = 0; index < this.size; index++) yield [this.#paths.at(index), this.#entry(index)];
  }

  override *values(): Generator<StoredPath, undefined> {
    for (let index = 0; index < this.size; index++) yield this.#entry(index);
  }

  byPath(): Iterable<[string, StoredPath]> {
    return this.#inOrder(this.#paths.sorted());
  }

  largestFirst(): Iterable<[string, StoredPath]> {
    const sizes = new Float64Array(this.size);
    this.#sizes.copyTo(sizes);
    // Of one size, they stay in the order of their paths.
    const order = sortNumbers(
      this.#paths.sorted(),
      (one, other) => (sizes[other] as number) - (sizes[one] as number),
    );
    return this.#inOrder(order);
  }

  #inOrder(order: Uint32Array): Iterable<[string, StoredPath]> {
    const entryAt = (index: number): [string, StoredPath] => [this.#paths.at(index), this.#entry(index)];
    return {
      *[Symbol.iterator]() {
        for (const index of order) yield entryAt(index);
      },
    };
  }

  #entry(index: number): StoredPath {
    const flags = this.#flags.at(index);
    const mode = this.#modes.at(index);
    const mtimeSeconds = this.#mtimes.at(index);
    return {
      type: this.#typeNames.at(this.#types.at(index)) ?? '',
      sizeBytes: this.#sizes.at(index),
      sourceSizeBytes: this.#sourceSizes.get(index),
      isKept: (flags & KEPT) !== 0,
      isStub: (flags & STUB) !== 0,
      mode: mode === NO_MODE ? undefined : mode,
      uid: this.#uids.at(index),
      gid: this.#gids.at(index),
      mtimeSeconds: Number.isNaN(mtimeSeconds) ? undefined : mtimeSeconds,
      linkTarget: this.#linkTargets.at(index),
      hardLinkTo: this.#hardLinks.at(index),
      owners: this.#ownerSets.at(this.#owners.at(index)) ?? NO_OWNERS,
      sha256: this.#digests.at(index),
    };
  }
}

/** Values of which there are few: each is held once. */
class Distinct<T> {
  readonly #values: T[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param key  by which a value is known from another */
  numberOf(key: string, value: T): number {
    const known = this.#numbers.get(key) ?? this.#values.push(value) - 1;
    this.#numbers.set(key, known);
    return known;
  }

  at(number: number): T | undefined {
    return this.#values[number];
  }
}

/** A column of texts (byte strings), of which some are absent: each different one is held once. */
class NumberedTexts {
  readonly #texts = new StringTable();
  /** Numbers plus 1; 0 where there is none. */
  readonly #numbers = new Column((length) => new Uint32Array(length));

  set(index: number, text: string | undefined): void {
    // Where none is set, the column need not grow.
    if (text !== undefined || this.#numbers.at(index) > 0)
      this.#numbers.set(index, text === undefined ? 0 : this.#texts.add(text) + 1);
  }

  at(index: number): string | undefined {
    const number = this.#numbers.at(index);
    return number > 0 ? this.#texts.at(number - 1) : undefined;
  }
}
