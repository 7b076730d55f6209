import { Column, sortNumbers } from '@keepset/image-tree';
import type { InstalledPackage } from '@keepset/inventory';
import { keysByPlace, LazyMap, type PlacedKeys } from '../record/lazy-map.js';
import { AmountSum, type FileFacts, type FileListing, type PathAmount } from './file-listing.js';

/**
 * In what a path differs: it became something else, its content, the target of the link, the 12 bits of its mode, its
 * uid or gid, its time of modification.
 */
export type ChangedAspect = 'type' | 'content' | 'target' | 'mode' | 'owner' | 'time';

/** What became of a path. */
export type ChangeKind = 'added' | 'removed' | 'changed';

/** One path that is not the same on both sides. */
export interface FileChange {
  /** Byte string. */
  readonly path: string;
  readonly kind: ChangeKind;
  /** Empty where the path was added or removed. */
  readonly aspects: readonly ChangedAspect[];
  readonly before: FileFacts | undefined;
  readonly after: FileFacts | undefined;
  /** What the image grew by; undefined where a size is not known. */
  readonly deltaBytes: number | undefined;
  /** Names with their ecosystem before them: `deb:libc6`. */
  readonly packages: readonly string[];
}

/** One package of which something is not the same, or what is of no package. */
export interface PackageChange {
  /** `deb:libc6`; undefined for the files of no package. */
  readonly package: string | undefined;
  readonly kind: ChangeKind;
  /** Of each side; undefined where it has nothing of the package. */
  readonly before: PackageSide | undefined;
  readonly after: PackageSide | undefined;
  readonly deltaBytes: number;
  /** Paths of it that were added, removed, changed. */
  readonly paths: Readonly<Record<ChangeKind, number>>;
}

/** What one side has of a package. A file of two packages counts for both. */
interface PackageSide extends PathAmount {
  /** Sorted; several where one package is there several times, as npm's are. */
  readonly versions: readonly string[];
}

/** In what two listings of files differ. */
export interface ListingDifference {
  readonly before: PathAmount;
  readonly after: PathAmount;
  readonly added: PathAmount;
  readonly removed: PathAmount;
  /** Bytes: what the changed paths have afterwards. */
  readonly changed: PathAmount;
  /** By path: the largest first; of one size, by the bytes of the paths. Each is made as it is asked for. */
  readonly changes: ReadonlyMap<string, FileChange>;
  /** The largest difference first; undefined where one side does not tell of packages. */
  readonly packages: readonly PackageChange[] | undefined;
}

/** What counts as a difference. */
export interface CompareOptions {
  /** Whether times matter also where contents are known to be the same, and of what is no file. Default false. */
  readonly times?: boolean;
}

/**
 * What two listings do not have in common. Only what both sides know is compared. Contents are compared by their
 * digests; where one is not known, by size, and a file with another time counts as changed.
 */
export function compareListings(
  before: FileListing,
  after: FileListing,
  { times = false }: CompareOptions = {},
): ListingDifference {
  const names = { before: packageNames(before), after: packageNames(after) };
  const sides = { before, after, names, times };
  const [ofBefore, ofAfter] = [new AmountSum(), new AmountSum()];
  const sums = { added: new AmountSum(), removed: new AmountSum(), changed: new AmountSum() };
  const changes = new ChangeTable(sides, (path) => compareFacts(path, before.files.get(path), sides));
  const counts: PackageCounts = new Map();
  const take = (change: FileChange | undefined, place: number) => {
    if (change === undefined) return;
    changes.add(change, place);
    sums[change.kind].add(factsOf(change));
    countPackages(counts, change);
  };
  let place = 0;
  for (const [path, facts] of before.files) {
    ofBefore.add(facts);
    take(compareFacts(path, facts, sides), place++);
  }
  place = 0;
  for (const [path, facts] of after.files) {
    ofAfter.add(facts);
    if (!before.files.has(path)) take(compareFacts(path, undefined, sides), place);
    place++;
  }
  const amount = (kind: ChangeKind) => sums[kind].amount((path) => changes.get(path)?.kind === kind);
  return {
    before: ofBefore.amount((path) => before.files.has(path)),
    after: ofAfter.amount((path) => after.files.has(path)),
    added: amount('added'),
    removed: amount('removed'),
    changed: amount('changed'),
    changes,
    packages: comparePackages(before, after, counts),
  };
}

/** Of a million changes, only a weight is held: their paths are those of the listings, by their places. */
class ChangeTable extends LazyMap<FileChange> {
  readonly #sides: readonly [ChangedPaths, ChangedPaths];
  readonly #changeOf: (path: string) => FileChange | undefined;
  #size = 0;
  #order: Uint32Array | undefined;

  constructor({ before, after }: Sides, changeOf: (path: string) => FileChange | undefined) {
    super();
    this.#sides = [new ChangedPaths(before), new ChangedPaths(after)];
    this.#changeOf = changeOf;
  }

  /** @param place  of the path, among those before, or else among those after */
  add(change: FileChange, place: number): void {
    this.#sides[change.before === undefined ? 1 : 0].add(place, weightOf(change));
    this.#size++;
    this.#order = undefined;
  }

  get size(): number {
    return this.#size;
  }

  get(path: string): FileChange | undefined {
    return this.#changeOf(path);
  }

  *entries(): Generator<[string, FileChange], undefined> {
    this.#order ??= this.#sorted();
    for (const number of this.#order) {
      const [side, place] = this.#find(number);
      const path = side.pathAt(place);
      const change = this.#changeOf(path);
      if (change !== undefined) yield [path, change];
    }
  }

  /** A place before is its own number; those after follow. */
  #find(number: number): readonly [side: ChangedPaths, place: number] {
    const [before, after] = this.#sides;
    return number < before.size ? [before, number] : [after, number - before.size];
  }

  #sorted(): Uint32Array {
    const [before, after] = this.#sides;
    const ofAfter = after.sorted().map((place) => before.size + place);
    const byPath = mergeSorted(before.sorted(), ofAfter, (number) => {
      const [side, place] = this.#find(number);
      return side.pathAt(place);
    });
    const weights = new Float64Array(before.size + after.size);
    before.copyWeights(weights.subarray(0, before.size));
    after.copyWeights(weights.subarray(before.size));
    // Of one weight, they stay in the order of their paths.
    return sortNumbers(byPath, (one, other) => (weights[other] as number) - (weights[one] as number));
  }
}

/** The paths of one listing that changed. */
class ChangedPaths {
  readonly #paths: PlacedKeys;
  /** Each plus 1: 0 is what did not change. */
  readonly #weights = new Column((length) => new Float64Array(length));
  readonly size: number;

  constructor({ files }: FileListing) {
    this.#paths = keysByPlace(files);
    this.size = files.size;
  }

  add(place: number, weight: number): void {
    this.#weights.set(place, weight + 1);
  }

  /** That of each place, plus 1. */
  copyWeights(weights: Float64Array<ArrayBuffer>): void {
    this.#weights.copyTo(weights);
  }

  pathAt(place: number): string {
    return this.#paths.at(place);
  }

  /** Their places, by the bytes of the paths. */
  sorted(): Uint32Array {
    const places = this.#paths.sorted();
    let count = 0;
    // An array's own filter takes four times as much.
    for (const place of places) if (this.#weights.at(place) > 0) places[count++] = place;
    return places.subarray(0, count);
  }
}

function mergeSorted(one: Uint32Array, other: Uint32Array, pathOf: (number: number) => string): Uint32Array {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const merged = new Uint32Array(one.length + other.length);
  let [left, right] = [0, 0];
  let [ofLeft, ofRight] = [pathOf(one[0] as number), pathOf(other[0] as number)];
  for (let at = 0; at < merged.length; at++) {
    const isLeft = right === other.length || (left < one.length && ofLeft < ofRight);
    merged[at] = (isLeft ? one[left++] : other[right++]) as number;
    if (isLeft && left < one.length) ofLeft = pathOf(one[left] as number);
    else if (!isLeft && right < other.length) ofRight = pathOf(other[right] as number);
  }
  return merged;
}

interface Sides {
  readonly before: FileListing;
  readonly after: FileListing;
  /** How the packages of each are called. */
  readonly names: Readonly<Record<'before' | 'after', PackageNames>>;
  readonly times: boolean;
}

/**
 * @param facts  of the path before
 * @returns      undefined where nothing differs
 */
function compareFacts(
  path: string,
  facts: FileFacts | undefined,
  { after, names, times }: Sides,
): FileChange | undefined {
  const other = after.files.get(path);
  if (other === undefined)
    return facts && toChange(path, 'removed', [], { facts, packages: ownersNames(facts, names.before) });
  if (facts === undefined)
    return toChange(path, 'added', [], { other, packages: ownersNames(other, names.after) });
  const aspects = changedAspects(facts, other, times);
  if (aspects.length === 0) return undefined;
  const own = ownersNames(other, names.after);
  const packages = own.length === 0 ? ownersNames(facts, names.before) : own;
  return toChange(path, 'changed', aspects, { facts, other, packages });
}

/** What a path has afterwards, or had, if it is gone. */
export function factsOf({ before, after }: FileChange): Partial<FileFacts> {
  return after ?? before ?? {};
}

interface ChangeSides {
  readonly facts?: FileFacts;
  readonly other?: FileFacts;
  readonly packages: readonly string[];
}

function toChange(
  path: string,
  kind: ChangeKind,
  aspects: readonly ChangedAspect[],
  { facts, other, packages }: ChangeSides,
): FileChange {
  const [from, to] = [facts === undefined ? 0 : facts.sizeBytes, other === undefined ? 0 : other.sizeBytes];
  const deltaBytes = from === undefined || to === undefined ? undefined : to - from;
  return { path, kind, aspects, before: facts, after: other, deltaBytes, packages };
}

/** What is new, gone or has other content weighs as much as it is large; what only changed its metadata, nothing. */
function weightOf({ kind, aspects, before, after }: FileChange): number {
  const sizeBytes = Math.max(before?.sizeBytes ?? 0, after?.sizeBytes ?? 0);
  return kind !== 'changed' || aspects.includes('content') || aspects.includes('type') ? sizeBytes : 0;
}

function changedAspects(before: FileFacts, after: FileFacts, times: boolean): readonly ChangedAspect[] {
  // In a diff of 200,000 files, most are the same.
  if (before === after) return NO_ASPECTS;
  const aspects: ChangedAspect[] = [];
  if (differs(before.type, after.type)) aspects.push('type');
  else {
    if (contentDiffers(before, after)) aspects.push('content');
    if (differs(before.linkTarget, after.linkTarget)) aspects.push('target');
  }
  if (differs(before.mode, after.mode)) aspects.push('mode');
  if (differs(before.uid, after.uid) || differs(before.gid, after.gid)) aspects.push('owner');
  if (timeMatters(before, after, times) && differs(before.mtimeSeconds, after.mtimeSeconds))
    aspects.push('time');
  return aspects;
}

const NO_ASPECTS: readonly ChangedAspect[] = [];

function contentDiffers(before: FileFacts, after: FileFacts): boolean {
  return differs(before.sizeBytes, after.sizeBytes) || differs(before.sha256, after.sha256);
}

function timeMatters(before: FileFacts, after: FileFacts, times: boolean): boolean {
  if (times) return true;
  const contentIsKnown = before.sha256 !== undefined && after.sha256 !== undefined;
  return before.type === 'file' && after.type === 'file' && !contentIsKnown;
}

function differs<T>(one: T | undefined, other: T | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** A package's name in its ecosystem: what stays when its version changes. */
function packageName({ ecosystem, name }: InstalledPackage): string {
  return `${ecosystem}:${name}`;
}

/** By their places in the listing; undefined where the listing has none. */
type PackageNames = readonly (string | undefined)[];

function packageNames({ packages = [] }: FileListing): PackageNames {
  return packages.map((each) => each && packageName(each));
}

const NO_PACKAGES: readonly string[] = [];

function ownersNames({ owners }: FileFacts, names: PackageNames): readonly string[] {
  return owners.length === 0 ? NO_PACKAGES : owners.flatMap((index) => names[index] ?? []);
}

/** Changes by package; undefined for those of none. */
type PackageCounts = Map<string | undefined, Record<ChangeKind, number>>;

function countPackages(counts: PackageCounts, { kind, packages }: FileChange): void {
  for (const name of packages.length === 0 ? [undefined] : packages) {
    const count = counts.get(name) ?? { added: 0, removed: 0, changed: 0 };
    count[kind]++;
    counts.set(name, count);
  }
}

function comparePackages(
  before: FileListing,
  after: FileListing,
  counts: PackageCounts,
): readonly PackageChange[] | undefined {
  if (before.packages === undefined || after.packages === undefined) return undefined;
  const [ofBefore, ofAfter] = [sumPackages(before), sumPackages(after)];
  const rows = [...new Set([...ofBefore.keys(), ...ofAfter.keys()])].flatMap((name): PackageChange[] => {
    const [from, to] = [ofBefore.get(name), ofAfter.get(name)];
    const paths = counts.get(name) ?? { added: 0, removed: 0, changed: 0 };
    const isSame =
      from !== undefined &&
      to !== undefined &&
      String(from.versions) === String(to.versions) &&
      !counts.has(name);
    if (isSame) return [];
    const deltaBytes = (to?.sizeBytes ?? 0) - (from?.sizeBytes ?? 0);
    const kind = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed';
    return [{ package: name, kind, before: from, after: to, deltaBytes, paths }];
  });
  return rows.sort(
    (one, other) =>
      Math.abs(other.deltaBytes) - Math.abs(one.deltaBytes) ||
      ((one.package ?? '') < (other.package ?? '') ? -1 : 1),
  );
}

/** By name; under undefined what is of no package, folders left out. */
function sumPackages({ files, packages = [] }: FileListing): Map<string | undefined, PackageSide> {
  const sums = new Map<string | undefined, { versions: Set<string>; paths: number; sizeBytes: number }>();
  const sumOf = (name: string | undefined) => {
    const sum = sums.get(name) ?? { versions: new Set(), paths: 0, sizeBytes: 0 };
    sums.set(name, sum);
    return sum;
  };
  const names = packages.map((each) => {
    if (each === undefined) return undefined;
    const name = packageName(each);
    sumOf(name).versions.add(each.version);
    return name;
  });
  for (const { type, sizeBytes = 0, owners } of files.values()) {
    if (type === 'directory') continue;
    for (const name of owners.length === 0 ? [undefined] : owners.map((owner) => names[owner])) {
      const sum = sumOf(name);
      sum.paths++;
      sum.sizeBytes += sizeBytes;
    }
  }
  return new Map(
    [...sums].map(([name, { versions, ...amount }]) => [name, { versions: [...versions].sort(), ...amount }]),
  );
}
